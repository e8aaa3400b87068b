import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createApp } from '../../packages/api/src/app.ts';
import { startSaga } from '../../packages/client/src/start-saga.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import { SagaList } from '../../packages/contracts/src/saga-view.ts';
import { noDeadLetters } from '../../packages/events/src/dead-letter-desk.ts';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import { lateToLog } from '../../packages/events/src/late-events.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';

const SAGAS = 2_000;
const STARTS_AT_ONCE = 10;
const CALLERS = 10;
const PAGES_EACH = 5;
/** On a machine of its own a page takes about 100 ms; tests share theirs. */
const P95_MS = 2_000;

it('GET /sagas: ten callers at once are answered with a hundred of two thousand sagas, and no worker runs', async () => {
  const { client, close } = await freshNamespace();
  const parts = { temporal: client, times: { entries: {} }, log: createLog('test', 'silent') };
  const app = createApp({
    ...parts,
    dispatcher: createDispatcher(parts),
    tellLate: lateToLog(parts.log),
    deadLetters: noDeadLetters,
    maxBodyBytes: 64_000,
    ready: () => Promise.resolve(),
  });
  const trigger = { kind: 'http', id: null, type: null, source: null } as const;
  const start = () => {
    const input = { ...exampleOrder, orderId: `o-${randomUUID()}` };
    return startSaga(client, { saga: 'fulfilOrder', input, trigger, times: { entries: {} } });
  };
  for (let n = 0; n < SAGAS; n += STARTS_AT_ONCE) await Promise.all(Array.from({ length: STARTS_AT_ONCE }, start));
  const timed: number[] = [];
  const caller = async () => {
    for (let page = 0; page < PAGES_EACH; page++) {
      const began = performance.now();
      const answer = await app.request('/sagas?status=running&limit=100');
      expect(SagaList.parse(await answer.json()).items).toHaveLength(100);
      timed.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const p95 = timed.toSorted((a, b) => a - b)[Math.floor(timed.length * 0.95)] ?? Infinity;
  console.log(`GET /sagas?limit=100, ${CALLERS} callers, ${SAGAS} sagas: p95 ${Math.round(p95)} ms`);
  expect(p95).toBeLessThan(P95_MS);
  await close();
}, 180_000);
