import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SagaStatus } from '../../../contracts/src/saga-view.ts';
import { tripsSagas } from '../../../testing/fixtures/trips-sagas.ts';
import { holds, visibilityQuery } from './saga-filter.ts';

describe('visibilityQuery', () => {
  it('asks for sagas only, and nothing else by default', () => {
    const sagas = [...tripsSagas.catalog.keys()].map((saga) => `'${saga}'`).join(', ');
    expect(visibilityQuery(tripsSagas, {})).toBe(`WorkflowType IN (${sagas}) AND ExecutionStatus != 'ContinuedAsNew'`);
  });

  it('S14: tells killed runs by how Temporal closed them and a status that was open', () => {
    expect(visibilityQuery(tripsSagas, { status: 'killed' })).toContain(
      `ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed') AND (SagaStatus IN ('running', 'compensating', 'parked') OR SagaStatus IS NULL)`,
    );
    expect(visibilityQuery(tripsSagas, { status: 'parked' })).toContain(`SagaStatus = 'parked' AND CloseTime IS NULL`);
  });

  it('S14 S18: a run that recovers or continues a saga, and so begins later, is never too late', () => {
    expect(visibilityQuery(tripsSagas, { before: new Date(0) })).toContain(
      `(SagaStartedAt < '1970-01-01T00:00:00.000Z' OR SagaStartedAt IS NULL)`,
    );
  });

  it('no value can end its literal', () => {
    assert(
      property(string(), string(), (saga, key) => {
        const query = visibilityQuery(tripsSagas, { saga, key });
        const outside = query.replaceAll(/'(?:[^'\\]|''|\\\\)*'/g, '?');
        expect(outside).toBe(`WorkflowType IN (?) AND ExecutionStatus != ? AND (SagaKey = ? OR WorkflowId IN (?, ?))`);
      }),
    );
  });

  it.each(SagaStatus.options)('a saga that is %s is of that filter alone', (status) => {
    const view = { status, key: 'k', startedAt: '2026-01-31T08:26:00.000Z' };
    const of = SagaStatus.options.filter((one) => holds({ status: one }, view));
    expect(of).toEqual([status]);
  });

  it('after and before are exclusive', () => {
    const view = { status: 'running', key: 'k', startedAt: '2026-01-31T08:26:00.000Z' } as const;
    const at = (ms: number) => new Date(Date.parse(view.startedAt) + ms);
    expect([holds({ after: at(0) }, view), holds({ after: at(-1) }, view)]).toEqual([false, true]);
    expect([holds({ before: at(0) }, view), holds({ before: at(1) }, view)]).toEqual([false, true]);
  });
});
