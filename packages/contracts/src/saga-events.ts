import { z } from 'zod';
import { event, type EventContract } from './define-event.ts';
import { sagaId } from './protocol/keys.ts';
import { Cause, SagaEnd, SagaStatus } from './saga-view.ts';
import { Instant } from './words.ts';

/** The data of a saga's own events. `result` is the saga's when it completed, `cause` when it did not. */
export const SagaEventData = z
  .object({
    sagaId: z.string(),
    saga: z.string(),
    key: z.string(),
    status: SagaStatus,
    result: z.unknown(),
    cause: Cause.nullable(),
    at: Instant,
  })
  .meta({ title: 'SagaEvent' });
export type SagaEventData = z.infer<typeof SagaEventData>;

type Sagas = Readonly<Record<string, { readonly exampleResult: unknown }>>;

/** What a saga tells of itself: how it ended, and that it waits for an operator. */
export type SagaEventType<S extends string = string> = `${S}.${SagaEnd | 'parked'}.v1`;

/** The events that sagas publish of themselves, one for each end of each saga and one for each time it parks. */
export type SagaEvents<S> = { readonly [T in SagaEventType<Extract<keyof S, string>>]: EventContract<SagaEventData> };

/** The CloudEvents source of what sagas tell of themselves; of nobody else it is believed. */
export const SAGAS_SOURCE = '/amends/sagas';

const AT = '2026-01-31T08:26:00.000Z';
const KEY = 'o-1';

/** When a saga says which of these, and what it then says, but for the result of one that completed. */
const sagaNews: { readonly [N in SagaEnd | 'parked']: { readonly when: string; readonly cause: Cause | null } } = {
  completed: { when: 'has done all that it is for', cause: null },
  compensated: {
    when: 'could not, and has undone whatever it had done',
    cause: { step: null, outcome: 'deadline', code: 'deadline', message: 'it has run past its deadline' },
  },
  cancelled: {
    when: 'was cancelled, and has undone whatever it had done',
    cause: { step: null, outcome: 'cancelled', code: 'cancelled', message: 'the customer changed their mind' },
  },
  parked: { when: 'cannot go on by itself, and waits for an operator', cause: null },
};

const sagaEvent = (saga: string, exampleResult: unknown, news: SagaEnd | 'parked'): EventContract<SagaEventData> => {
  const { when, cause } = sagaNews[news];
  const result = news === 'completed' ? exampleResult : null;
  return event({
    publishedBy: 'sagas',
    source: SAGAS_SOURCE,
    when: `the saga ${saga} ${when}`,
    data: SagaEventData,
    example: { sagaId: sagaId(saga, KEY), saga, key: KEY, status: news, result, cause, at: AT },
  });
};

/**
 * The contracts of the events that these sagas publish of themselves: `<saga>.<end>.v1` and `<saga>.parked.v1`. By the names of the sagas: the
 * order in which a module's exports are listed depends on what has loaded it.
 */
export const sagaEvents = <S extends Sagas>(sagas: S): SagaEvents<S> =>
  Object.fromEntries(
    Object.entries(sagas)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([saga, { exampleResult }]) =>
        [...SagaEnd.options, 'parked' as const].map((news) => [
          `${saga}.${news}.v1`,
          sagaEvent(saga, exampleResult, news),
        ]),
      ),
  ) as SagaEvents<S>;
