import type { z } from 'zod';
import * as sagas from '../../../../contracts/sagas.ts';

type Sagas = typeof sagas;
type SagaName = Extract<keyof Sagas, string>;
type InputOf<S extends SagaName> = z.infer<Sagas[S]['input']>;

const keyOf: { readonly [S in SagaName]: { readonly key: (input: InputOf<S>) => string } } = sagas;

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
  | { readonly does: 'signal'; readonly saga: string; readonly key: (data: D) => string }
  | { readonly does: 'nothing' };

/** Starts the saga, with an input made of the event's data. */
export const start = <S extends SagaName, D>(saga: S, input: (data: D) => InputOf<S>): TriggerRule<D> => ({
  does: 'start',
  saga,
  input,
  key: (data) => keyOf[saga].key(input(data)),
});

/** Cancels the saga of that key. */
export const cancel = <D>(saga: SagaName, key: (data: D) => string, reason: (data: D) => string): TriggerRule<D> => ({
  does: 'cancel',
  saga,
  key,
  reason,
});

/** Tells the saga of that key, one of whose steps waits for such an event, or will. */
export const signal = <D>(saga: SagaName, key: (data: D) => string): TriggerRule<D> => ({ does: 'signal', saga, key });

/** Known, and told to others: nothing is started by it. */
export const nothing = { does: 'nothing' } as const;
