import type { Client } from '@temporalio/client';
import type { App, SagaContract, SagaView, Trigger } from '@amends/contracts';
import type {
  ApproveRequest,
  CancelRequest,
  EventMessage,
  ResolveRequest,
  RetryRequest,
  SkipRequest,
} from '@amends/contracts/internal';
import { NO_TIMES, type TimesTable } from '@amends/runtime/internal';
import type { Act } from './acts/act-on-saga.ts';
import { approveStep } from './acts/approve-step.ts';
import { cancelSaga, type CancelledSaga } from './acts/cancel-saga.ts';
import { checkTimes } from './starts/check-times.ts';
import { knownSagas, withSagas } from './known-sagas.ts';
import { listSagas, type SagaPage } from './views/list-sagas.ts';
import { resolveStep } from './acts/resolve-step.ts';
import { retryStep } from './acts/retry-step.ts';
import type { SagaFilter } from './views/saga-filter.ts';
import { signalSaga, type SignalledSaga } from './acts/signal-saga.ts';
import { skipStep } from './acts/skip-step.ts';
import { startSaga, type StartedSaga } from './starts/start-saga.ts';
import type { Updated } from './acts/update-saga.ts';
import { viewSaga } from './views/view-saga.ts';
import { waitForEnd } from './starts/wait-for-end.ts';

type SagaIn<A extends App> = Extract<keyof A['sagas'], string>;
// oxlint-disable-next-line typescript/no-explicit-any -- matches any saga
type InputOf<A extends App, S extends SagaIn<A>> = A['sagas'][S] extends SagaContract<infer I, any, any> ? I : never;

/**
 * What a process of an application does with its sagas. Everything rejects with `Unavailable` when Temporal, or a worker that it needs, does
 * not answer: the same call may be repeated.
 */
export interface SagaClient<A extends App = App> {
  /**
   * Starts a saga, once a business key.
   *
   * @param trigger by whom; default over HTTP
   * @throws PayloadTooLarge when the input is over 1,500,000 bytes of JSON
   */
  readonly start: <S extends SagaIn<A>>(saga: S, input: InputOf<A, S>, trigger?: Trigger) => Promise<StartedSaga>;
  /** Cancels a saga that has not passed its point of no return; answers once a pivot in flight is settled. */
  readonly cancel: (id: string, request: CancelRequest) => Promise<CancelledSaga>;
  /** Tells a saga of an event that one of its steps waits for. */
  readonly signal: (id: string, event: EventMessage) => Promise<SignalledSaga>;
  /** The saga as it is now, by its worker, or, of a closed one, as it has told itself; undefined when there is none of that id. */
  readonly view: (id: string) => Promise<SagaView | undefined>;
  /** Sagas of a filter, newest first, from Temporal's index. `limit`: at most so many; `from`: the page before's `next`. */
  readonly list: (
    filter: SagaFilter,
    page: { readonly limit: number; readonly from?: Uint8Array | null },
  ) => Promise<SagaPage>;
  /** Resolves when the saga has ended, or after so many milliseconds. */
  readonly waitForEnd: (id: string, withinMs: number) => Promise<void>;
  /** What an operator does to a parked step (S6). */
  readonly retry: (act: Act<RetryRequest>) => Promise<Updated>;
  readonly skip: (act: Act<SkipRequest>) => Promise<Updated>;
  readonly resolve: (act: Act<ResolveRequest>) => Promise<Updated>;
  /** A person's answer to an approval (S11). */
  readonly approve: (act: Act<ApproveRequest>) => Promise<Updated>;
}

const BY_HTTP: Trigger = { kind: 'http', id: null, type: null, source: null };

/**
 * A client of an application's sagas.
 *
 * @param parts `temporal`: a client of their namespace; `catalog`: the value of `contracts/catalog.json`; `times`: AMENDS_TIMES, fixed into
 *   every start, default none
 * @throws ConfigError when `times` names a saga or a step that there is not; ZodError when `catalog` is none
 */
export const createSagaClient = <A extends App>({
  temporal,
  app,
  catalog,
  times = NO_TIMES,
}: {
  readonly temporal: Client;
  readonly app: A;
  readonly catalog: unknown;
  readonly times?: TimesTable;
}): SagaClient<A> => {
  const sagas = knownSagas(app, catalog);
  checkTimes(sagas, times);
  const client = withSagas(temporal, sagas);
  return {
    start: (saga, input, trigger = BY_HTTP) => startSaga(client, { saga, input, trigger, times }),
    cancel: (id, request) => cancelSaga(client, { id, ...request }),
    signal: (id, event) => signalSaga(client, { id, event }),
    view: (id) => viewSaga(client, id),
    list: (filter, { limit, from = null }) => listSagas(client, { filter, limit, from }),
    waitForEnd: async (id, withinMs) => {
      await waitForEnd(client, id, withinMs);
    },
    retry: (act) => retryStep(client, act),
    skip: (act) => skipStep(client, act),
    resolve: (act) => resolveStep(client, act),
    approve: (act) => approveStep(client, act),
  };
};
