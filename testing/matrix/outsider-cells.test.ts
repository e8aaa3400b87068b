import { expect, it } from 'vitest';
import { z } from 'zod';
import { sagaContract } from '../../packages/contracts/src/define.ts';
import { compensable, pointOfNoReturn, retriable } from '../../packages/saga/src/index.ts';
import { ports } from '../../packages/saga/src/author/ports.ts';
import { shipping } from '../../workflows/sagas.ts';
import type { legacyPoints } from '../legacy-points.ts';
import type { RehearsedSaga } from '../../packages/testing/src/rehearsal/rehearsed-saga.ts';
import { cellsOf } from '../../packages/testing/src/matrix/cells.ts';
import { FIXED_PART, partOf } from '../../packages/testing/src/matrix/part.ts';

const { legacy } = ports<{ legacy: typeof legacyPoints }, 'outside'>('outside', { legacy: { setLevel: true } });
const input = { member: 'm-1', points: 300 };
const steps = {
  bookShipment: compensable(shipping.book, { undo: 'cancel booking' }),
  addPoints: compensable(legacy.add, { undo: legacy.take, given: (given) => given }),
  setLevel: compensable(legacy.setLevel, { noUndo: 'the next order sets it' }),
  thankPoints: retriable(legacy.add, { whenExhausted: 'park' }),
};
const flow = async (_: unknown, step: Record<string, (input: unknown) => Promise<unknown>>) => {
  await step['bookShipment']?.({});
  await step['addPoints']?.(input);
  await step['setLevel']?.({ member: 'm-1', level: 'gold' });
  pointOfNoReturn(step as never);
  await step['thankPoints']?.(input);
};
const saga = {
  definition: { name: 'earns', deadline: null, steps, flow },
  contract: sagaContract({ input: z.unknown(), result: z.unknown(), key: () => 'k', example: {}, exampleResult: {} }),
  paths: {},
  app: { sagas: {}, services: {}, events: {}, triggers: { ruleOf: () => ({ does: 'nothing' }) } },
} as unknown as RehearsedSaga;

it.each([0, 1, 2, 3])(
  'S2: the fixed part of a saga with outsiders loses an answer of each twice (saga no. %i)',
  async (nth) => {
    const { cells } = await cellsOf(saga, FIXED_PART.seed);
    const ids = partOf('earns', nth, cells, FIXED_PART).map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['addPoints', 'setLevel', 'thankPoints'].map((step) => `${step}/answer-lost:twice`)),
    );
  },
);
