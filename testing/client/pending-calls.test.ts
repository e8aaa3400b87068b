import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import type { StepView } from '../../packages/contracts/src/saga-view.ts';
import { initialView } from '../../packages/client/src/starts/initial-view.ts';
import { withPendingCalls } from '../../packages/client/src/views/pending-calls.ts';
import { shopSagas } from '../the-shop.ts';

const start = {
  startedAt: '2026-01-31T08:26:00.000Z',
  trigger: { kind: 'http', id: null, type: null, source: null },
  times: { steps: {} },
} as const;
const pending = (...calls: readonly [activityId: string, attempt: number, message?: string][]) =>
  ({
    raw: {
      pendingActivities: calls.map(([activityId, attempt, message]) => ({
        activityId,
        attempt,
        lastFailure: message ? { message } : null,
      })),
    },
  }) as unknown as WorkflowExecutionDescription;
const view = (...changes: readonly (Partial<StepView> & { name: string })[]) => {
  const initial = initialView(shopSagas, 'fulfilOrder:o-1', exampleOrder, start);
  const steps = initial.steps.map((step) => ({ ...step, ...changes.find(({ name }) => name === step.name) }));
  return { ...initial, version: 10, steps };
};

describe('withPendingCalls', () => {
  it('counts every attempt beyond the first as a change, and shows it where it belongs', () => {
    const undoing = { state: 'running', attempt: 0, error: null } as const;
    const seen = withPendingCalls(
      view({ name: 'reserveStock', state: 'running' }, { name: 'acceptOrder', state: 'done', undo: undoing }),
      pending(
        ['reserveStock', 3, 'away'],
        ['undo acceptOrder', 2, 'busy'],
        ['settle capturePayment', 4, 'slow'],
        ['publish x', 9],
      ),
    );
    const of = (name: string) => seen.steps.find((step) => step.name === name);
    expect(seen.version).toBe(10 + 2 + 1 + 3);
    expect(of('reserveStock')).toMatchObject({ attempt: 3, error: 'away' });
    expect(of('acceptOrder')).toMatchObject({ undo: { state: 'running', attempt: 2, error: 'busy' } });
    expect(of('capturePayment')).toMatchObject({ attempt: 0, error: 'slow' });
  });

  it('a running step shows its first attempt, whether or not the server has begun it', () => {
    const running = view({ name: 'reserveStock', state: 'running' });
    const before = withPendingCalls(running, pending());
    expect(before).toEqual(withPendingCalls(running, pending(['reserveStock', 1])));
    expect(before).toMatchObject({ version: 10 });
    expect(before.steps.find(({ name }) => name === 'reserveStock')?.attempt).toBe(1);
  });

  it('S2: adds to what the view has counted of an earlier lane, and counts no attempt that an open breaker held back', () => {
    const running = view({ name: 'reserveStock', state: 'running', attempt: 3 });
    const heldBack = { heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload({ notSent: 4 })] } };
    const seen = withPendingCalls(running, {
      raw: { pendingActivities: [{ activityId: 'reserveStock', attempt: 6, ...heldBack }] },
    } as unknown as WorkflowExecutionDescription);
    expect(seen.steps.find(({ name }) => name === 'reserveStock')?.attempt).toBe(3 + 6 - 4);
    expect(seen.version).toBe(10 + 5);
  });

  it('leaves a step alone that the workflow knows the end of', () => {
    const done = view({ name: 'reserveStock', state: 'done', attempt: 5 });
    expect(withPendingCalls(done, pending(['reserveStock', 3, 'away']))).toEqual(done);
  });
});
