import type { z } from 'zod';
import { fulfilOrder } from '../contracts/sagas.ts';

/** The sagas that events concern. */
const sagas = { fulfilOrder } as const;

type Sagas = typeof sagas;
type InputOf<S extends keyof Sagas> = z.infer<Sagas[S]['input']>;

/** What an event causes. `key` is the business key of the saga that it concerns. */
export type TriggerRule<D> =
  | {
      readonly does: 'start';
      readonly saga: string;
      readonly key: (data: D) => string;
      readonly input: (data: D) => unknown;
    }
  | {
      readonly does: 'cancel';
      readonly saga: string;
      readonly key: (data: D) => string;
      readonly reason: (data: D) => string;
    }
  | { readonly does: 'nothing' };

/** Starts the saga, with an input made of the event's data. */
export const start = <S extends keyof Sagas, D>(saga: S, input: (data: D) => InputOf<S>): TriggerRule<D> => ({
  does: 'start',
  saga,
  input,
  key: (data) => sagas[saga].key(input(data)),
});

/** Cancels the saga of that key. */
export const cancel = <S extends keyof Sagas, D>(
  saga: S,
  key: (data: D) => string,
  reason: (data: D) => string,
): TriggerRule<D> => ({ does: 'cancel', saga, key, reason });

/** Known, and told to others: nothing is started by it. */
export const nothing = { does: 'nothing' } as const;
