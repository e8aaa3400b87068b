// What the compiler refuses the author of a handler. Compiled with the tests: an unused expectation is an error.
import type { Hono } from 'hono';
import { z } from 'zod';
import { action, participant } from '../../contracts/src/define.ts';
import { external, participantRoutes, type Handlers, type Outside, type Refusing, type Tx } from './index.ts';
import type { ParticipantOptions } from './http/routes.ts';

const Order = z.object({ order: z.string() });
type Order = z.infer<typeof Order>;
const example = { input: { order: 'o-1' }, output: { done: true } };
const of = { input: Order, output: z.object({ done: z.boolean() }), example };
const refusals = { declined: { when: 'the bank says no' }, expired: { when: 'the card has expired' } };

const till = participant({
  hold: action({ ...of, route: 'POST /holds', undo: 'let go', refusals }),
  tell: action({ ...of, route: 'POST /tellings' }),
});
type Till = Handlers<typeof till>;

declare const app: Hono;
declare const parts: Pick<ParticipantOptions<typeof till>, 'pool' | 'log'>;

// ── a plain handler refuses with a code of its contract; an undo's codes are its own, since the contract names none
participantRoutes(app, {
  ...parts,
  contract: till,
  handlers: {
    hold: {
      do: async (_tx, { order }, { refuse }) => {
        if (order === '') throw refuse('declined', order);
        // @ts-expect-error the contract has no such code
        throw refuse('typo', order);
      },
      undo: async (_tx, { input }, { refuse }) => {
        throw refuse('captured', input.order);
      },
    },
    tell: {
      do: async (_tx, { order }, { refuse }) => {
        // @ts-expect-error the contract has no code at all
        throw refuse('declined', order);
      },
    },
  },
});

// ── so does one that is written somewhere else
const holds = async (_tx: Tx, { order }: Order, { refuse }: Refusing<'declined'>) => {
  throw refuse('declined', order);
};
const mistaken = async (_tx: Tx, { order }: Order, { refuse }: Refusing<'declined' | 'typo'>) => {
  throw refuse('typo', order);
};
void (holds satisfies Till['hold']['do']);
// @ts-expect-error the contract has no such code
void (mistaken satisfies Till['hold']['do']);

// ── an effect outside the database
const record = async () => ({ done: true });
void (external({
  prepare: async (_: Tx, { order }: Order, { refuse }: Refusing<'declined' | 'expired'>) => {
    throw refuse('expired', order);
  },
  call: async (_request, { refuse }: Outside<'declined' | 'expired'>) => {
    throw refuse('declined', 'the bank says no');
  },
  record,
}) satisfies Till['hold']['do']);
void (external({
  prepare: async (_: Tx, order: Order) => order,
  call: async () => null,
  record,
}) satisfies Till['tell']['do']);

const misled = external({
  prepare: async (_: Tx, order: Order) => order,
  call: async (_request, { refuse }: Outside<'typo'>) => {
    throw refuse('typo', 'the bank says no');
  },
  record,
});
// @ts-expect-error the contract has no such code
void (misled satisfies Till['hold']['do']);
void external({
  prepare: async (_: Tx, order: Order) => order,
  call: async (_request, { refuse }) => {
    // @ts-expect-error it names no codes
    throw refuse('declined', 'the bank says no');
  },
  record,
});
