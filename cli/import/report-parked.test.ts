import { expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { reportParked } from './report-parked.ts';

const parked = (key: string, cause: SagaView['cause'] = null): SagaView => ({
  id: `fulfilOrder:${key}`,
  saga: 'fulfilOrder',
  key,
  status: 'parked',
  phase: 'compensable',
  version: 3,
  startedAt: '2026-01-01T00:00:00.000Z',
  closedAt: null,
  deadlineAt: null,
  trigger: { kind: 'http', id: null, type: null, source: null },
  input: {},
  result: null,
  cause,
  steps: [],
  audit: [],
});

it('tells of each parked saga of a watched order once, while others are still followed', async () => {
  const stop = new AbortController();
  const cause = { step: 'shipStock', outcome: 'unknown', code: 'unknown', message: 'no answer' } as const;
  const looks = [[], [parked('a', cause)], [parked('a', cause), parked('foreign'), parked('b')]];
  const asked: object[] = [];
  const said: string[] = [];
  await reportParked(
    {
      sagas: (filter) => {
        asked.push(filter);
        if (asked.length > looks.length) stop.abort();
        const listed = looks[Math.min(asked.length, looks.length) - 1] ?? [];
        return Promise.resolve(listed.map((view) => ({ ...view, step: 'shipStock', again: null })));
      },
      saga: (id) => Promise.resolve(looks.flat().find((view) => view.id === id)),
    },
    (orderId) => orderId !== 'foreign',
    { say: (sentence) => said.push(sentence), signal: stop.signal, pauseMs: 1 },
  );
  expect(asked[0]).toEqual({ saga: 'fulfilOrder', status: 'parked' });
  expect(said).toEqual([
    'order a: its saga fulfilOrder:a is parked and waits for a person to retry, skip or resolve its step (README, For operators); what failed first: shipStock unknown',
    'order b: its saga fulfilOrder:b is parked and waits for a person to retry, skip or resolve its step (README, For operators)',
  ]);
});
