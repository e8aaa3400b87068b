import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { anOrder, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close(), 120_000);

const WIDE = 3_000;
const AT_ONCE = 100;
const LONG_MS = 300_000;
const PATIENT = { times: { steps: { '*': { attempt: 10_000, budget: 60_000, undoBudget: 60_000 } } } };

const startWide = async (): Promise<RunningSaga> =>
  bench.start('manyParcels', await anOrder(bench.shop, { customerId: String(WIDE) }), PATIENT);

/** The instances that the service was asked for, in that order. */
const asked = (saga: RunningSaga, op: string): string[] => [
  ...new Set(
    bench.shop.proxies.shipping.seen
      .filter((request) => request.op === op && request.key.startsWith(`${saga.id}/`))
      .map(({ key }) => key.slice(key.lastIndexOf('-') + 1)),
  ),
];

const detailsOf = async ({ handle }: RunningSaga): Promise<string> =>
  (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;

const isRunning = ({ steps }: SagaView): boolean => steps.filter(({ state }) => state === 'done').length > AT_ONCE;

describe('a wide saga', { timeout: LONG_MS }, () => {
  it('S20: 3,000 instances complete on one worker, at most 100 in flight, in the order in which they were called', async () => {
    const saga = await startWide();
    const view = await saga.until(isRunning);
    const inFlight = view.steps.filter(({ state }) => state !== 'done');
    expect(inFlight.length).toBeLessThanOrEqual(AT_ONCE);
    expect((await detailsOf(saga)).length).toBeLessThan(5_000);
    const ended = await saga.closed();
    expect(ended).toMatchObject({ status: 'completed', result: 'booked' });
    expect(ended.steps.filter(({ discharge }) => discharge === 'kept')).toHaveLength(WIDE);
    const made = asked(saga, 'do');
    expect(made).toHaveLength(WIDE);
    // those that are in flight together may overtake each other, nobody else
    expect(Math.max(...made.map((instance, at) => Math.abs(Number(instance) - 1 - at)))).toBeLessThanOrEqual(
      2 * AT_ONCE,
    );
    expect(await detailsOf(saga)).toContain(`bookShipment, ${WIDE} of them | ${WIDE} done`);
  });

  it('S20: a cancel undoes no call that was never made', async () => {
    const saga = await startWide();
    await saga.until(isRunning);
    await saga.cancel();
    const ended = await saga.closed();
    expect(ended.status).toBe('cancelled');
    const made = asked(saga, 'do');
    expect(made.length).toBeLessThan(WIDE);
    expect(asked(saga, 'undo').toSorted()).toEqual(made.toSorted());
    expect(ended.steps).toHaveLength(made.length);
  });
});
