import { describe, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { z } from 'zod';
import { approval, compensable, pivot, pointOfNoReturn, retriable } from '../../packages/saga/src/index.ts';
import type { Definition } from '../../packages/saga/src/author/definition.ts';
import type { Steps } from '../../packages/saga/src/author/steps.ts';
import { event, inventory, notifications, payments, shipping } from '../../workflows/sagas.ts';
import { shopApplication } from '../shop-application.ts';
import type { RehearsedSaga } from '../../packages/testing/src/rehearsal/rehearsed-saga.ts';
import { notAsWanted } from '../../packages/testing/src/histories/not-as-wanted.ts';
import { wantedOf } from '../../packages/testing/src/histories/wanted-of.ts';

const reserveStock = compensable(inventory.reserve, { undo: 'release stock' });
const cancelParcel = compensable(shipping.cancelParcel, { noUndo: 'a test' });
const capturePayment = pivot(payments.capture);
const notifyCustomer = retriable(notifications.send, { whenExhausted: 'skip' });
const receive = event('shop.return.received.v1', { within: '1 day' });
const approve = approval({ within: '1 day', otherwise: 'denied' });

/** A saga that does its steps one after the other. */
const odd = (steps: Steps, paths: RehearsedSaga['paths'] = {}): RehearsedSaga => ({
  definition: {
    name: 'odd',
    deadline: null,
    steps,
    flow: async (input: unknown, step: Record<string, (input: unknown) => Promise<unknown>>) => {
      for (const [name, { kind }] of Object.entries(steps)) {
        if (kind === 'retriable') pointOfNoReturn(step as never);
        await step[name]?.(input);
      }
    },
  } as unknown as Definition,
  contract: {
    input: z.unknown(),
    result: z.unknown(),
    key: () => 'o-1',
    refusals: {},
    example: exampleOrder,
    exampleResult: null,
  },
  paths,
  app: shopApplication,
});

const pathsWanted = async (saga: RehearsedSaga) => (await wantedOf(saga)).map(({ path, end }) => `${path}: ${end}`);
const more = async (saga: RehearsedSaga, than: RehearsedSaga) => {
  const before = new Set(await pathsWanted(than));
  return (await pathsWanted(saga)).filter((path) => !before.has(path));
};

describe('the histories that a saga must have', () => {
  it('are derived from its steps', async () => {
    expect(await pathsWanted(odd({ reserveStock, notifyCustomer }))).toEqual([
      'completed: completed',
      'reserveStock-refused-out-of-stock: compensated',
      'reserveStock-nobody-knows: compensated',
      'cancelled: cancelled',
      'cancelled-in-Temporal: cancelled',
      'its-deadline-passed: compensated',
      'undo-parked-and-retried: compensated',
      'undo-parked-and-skipped: compensated',
      'seal-parked-and-retried: compensated',
      'notifyCustomer-skipped: completed',
      'killed-and-recovered: compensated',
      'killed-past-the-point-and-resolved: compensated',
      'reserveStock-in-the-durable-lane: completed',
      'cancelled-before-its-start: cancelled',
      'started-after-its-cancel: cancelled',
      'cancelled-and-never-started: cancelled',
    ]);
  });

  it('are more with every step that is added, whatever its kind', async () => {
    const before = odd({ reserveStock, notifyCustomer });
    expect(await more(odd({ reserveStock, cancelParcel, notifyCustomer }), before)).toEqual([
      'cancelParcel-nobody-knows: compensated',
    ]);
    expect(await more(odd({ approve, reserveStock, notifyCustomer }), before)).toEqual([
      'approve-a-person-says-no: completed',
      'approve-nobody-answers: completed',
    ]);
    expect(await more(odd({ receive, reserveStock, notifyCustomer }), before)).toEqual([
      'receive-it-does-not-come: completed',
      'its-event-before-its-start: completed',
      'started-after-its-event: completed',
    ]);
    expect(await more(odd({ reserveStock, capturePayment, notifyCustomer }), before)).toEqual([
      'capturePayment-refused-authorization-lapsed: compensated',
      'capturePayment-found-done: completed',
      'capturePayment-blocked: compensated',
      'capturePayment-parked-and-resolved: compensated',
      'killed-past-the-point-and-resolved: completed',
    ]);
    expect(await more(odd({ reserveStock, notifyCustomer, mail: retriable(notifications.send) }), before)).toEqual([
      'mail-parked-and-retried: completed',
      'mail-parked-and-skipped: completed',
      'mail-parked-and-resolved: completed',
      'killed-past-the-point-and-resolved: completed',
    ]);
  });

  it('are more with every path that is listed', async () => {
    const steps = { reserveStock, notifyCustomer };
    expect(await more(odd(steps, { 'a large order': { input: { currency: 'USD' } } }), odd(steps))).toEqual([
      'a-large-order: completed',
    ]);
  });

  it('that are not there, or ended otherwise, or are of nothing any more, are told with what to do about it', async () => {
    const [completed, refused] = await wantedOf(odd({ reserveStock, notifyCustomer }));
    if (completed === undefined || refused === undefined) throw new Error('nothing is wanted');
    const recorded = (path: string, status: string) => ({
      saga: 'odd',
      path,
      workflowId: 'odd:o-1',
      status,
      file: `odd.${path}.json`,
    });
    const found = [recorded(refused.path, 'completed'), recorded('gone', 'completed')];
    expect(notAsWanted([completed, refused], found)).toEqual([
      "odd has no history of 'completed': amends record",
      'odd.reserveStock-refused-out-of-stock.json ended as completed, and by its rehearsal ends as compensated: amends record',
      'odd.gone.json is of no path that its saga has: amends record',
    ]);
  });
});
