import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../packages/runtime/src/log.ts';
import type { Fault } from '../../packages/testing/src/faults/fault-rule.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const AGAIN = 4;

/** What befalls each parcel's booking: one falls out of the fast lane with a pause, others without, in any order of time. */
const MIXES: readonly (readonly (Fault | null)[])[] = [
  ['down', 'busy'],
  ['busy', 'down'],
  ['cut', 'not-agreed', 'busy', null],
  [null, 'busy', 'down', 'answer-lost'],
];

describe('parallel steps of the fast lane', () => {
  it.each(MIXES)('S19: are handed on in one order, in the run and in its replay: %s %s %s %s', async (...mix) => {
    const bundle = await workflowBundle(createLog('replay', 'fatal'), 'testing/odd-sagas.ts');
    const sagas = await Promise.all(
      Array.from({ length: AGAIN }, async () => {
        const order = await anOrder(bench.shop);
        const [line] = order.lines;
        const saga = `sideBySide:${order.orderId}`;
        for (const [n, fault] of mix.entries()) {
          const step = `bookShipment:p-${n + 1}`;
          if (fault) bench.shop.proxies.shipping.strike({ fault, saga, op: 'do', step, times: 1 });
        }
        const lines = mix.flatMap(() => (line ? [{ ...line, quantity: 1 }] : []));
        return bench.start('sideBySide', { ...order, lines });
      }),
    );
    for (const saga of sagas) {
      await saga.closed();
      const history = await saga.handle.fetchHistory();
      const replay = Worker.runReplayHistory({ workflowBundle: bundle }, history, saga.id);
      await expect(replay).resolves.toBeUndefined();
    }
  });

  it('S13: of two that are refused the one that began first is the cause, whichever answered first', async () => {
    for (const slow of ['bookShipment:p-1', 'bookShipment:p-2']) {
      const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
      const saga = `sideBySide:${order.orderId}`;
      bench.shop.proxies.shipping.strike({ fault: 'late', saga, op: 'do', step: slow, delayMs: 300 });
      const [line] = order.lines;
      const view = await (await bench.start('sideBySide', { ...order, lines: line ? [line, line] : [] })).closed();
      expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookShipment:p-1' } });
      expect((await effectsOf(bench.shop, order)).reservations).toEqual([]);
    }
  });
});
