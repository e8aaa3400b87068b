// How long sagas of 3,000 instances take on one worker, one of them and 20 at once, and with how much memory (S20).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anOrder, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

const WIDE = 3_000;
const MANY = 20;
const SAMPLE_MS = 500;
const MIB = 1_048_576;
const PATIENT = { times: { steps: { '*': { attempt: 30_000, budget: 600_000, undoBudget: 600_000 } } } };

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close(), 600_000);

const start = async (): Promise<RunningSaga> =>
  bench.start('manyParcels', await anOrder(bench.shop, { customerId: String(WIDE) }), PATIENT);

/** Runs so many at once, and answers how each ended. The memory is that of this process, which holds the services and their proxies beside the worker: more than the worker's own. */
const measured = async (sagas: number): Promise<string[]> => {
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), SAMPLE_MS);
  const began = performance.now();
  const running = await Promise.all(Array.from({ length: sagas }, start));
  // its view would be made by a worker: only the server is asked
  const results = await Promise.allSettled(running.map(({ handle }) => handle.result()));
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(sampling);
  const mib = (bytes: number): number => Math.round(bytes / MIB);
  console.log(
    `${sagas} × ${WIDE} instances: ${seconds.toFixed(1)} s, ${Math.round((sagas * WIDE) / seconds)} calls a second, ` +
      `${mib(before)} MiB before, ${mib(peak)} MiB at most`,
  );
  return results.map((result) => (result.status === 'fulfilled' ? String(result.value) : String(result.reason)));
};

it(`S20: one saga of ${WIDE} instances completes`, async () => {
  expect(await measured(1)).toEqual(['booked']);
});
it(`S20: ${MANY} of them at once complete, and leave the worker alive`, async () => {
  expect(await measured(MANY)).toEqual(Array<string>(MANY).fill('booked'));
});
