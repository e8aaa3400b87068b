import type { Client } from '@temporalio/client';
import type { Hono } from 'hono';
import type { Registry } from 'prom-client';
import { checkTimes, knownSagas, type SagaTemporal, withSagas } from '@amends/client/internal';
import type { App } from '@amends/contracts';
import {
  type CountEvent,
  type DeadLetterDesk,
  type Dispatcher,
  eventsRoute,
  lateToLog,
  noDeadLetters,
  type TellLate,
} from '@amends/events/internal';
import { createHealth, createHttpApp, type Log, NO_TIMES, type Reach, type TimesTable } from '@amends/runtime/internal';
import { deleteDeadLetter } from './letters/delete-dead-letter.ts';
import { getAsyncApi } from './get-asyncapi.ts';
import { getDeadLetters } from './letters/get-dead-letters.ts';
import { getSaga } from './sagas/get-saga.ts';
import { getSagas } from './sagas/get-sagas.ts';
import { postApproval } from './sagas/post-approval.ts';
import { postCancel } from './sagas/post-cancel.ts';
import { postRedrive } from './letters/post-redrive.ts';
import { postResolve } from './sagas/post-resolve.ts';
import { postRetry } from './sagas/post-retry.ts';
import { postSaga } from './sagas/post-saga.ts';
import { postSkip } from './sagas/post-skip.ts';
import { answerTo } from './problems.ts';
import { readiness } from './watch/readiness.ts';
import { sagaOf, type Triggers } from './triggers/define-triggers.ts';
import { createDispatcher } from './triggers/dispatcher.ts';

const MAX_BODY_BYTES = 1_048_576;

/**
 * What the way in needs.
 *
 * - `temporal`: a client of the namespace; it may be connected later.
 * - `catalog`: what `amends catalog` has written. `triggers`: what events do.
 * - `times`: AMENDS_TIMES, fixed into every start; default none.
 * - `maxBodyBytes`: what is larger is refused; default 1 MiB.
 * - `deadLetters`, `tellLate`: default those of a system without a broker, where late events are told in the log.
 * - `metrics`: what `GET /metrics` answers; without it there is no such path.
 * - `ready`: throws what is missing, and answers what else is wrong; default: whether Temporal answers.
 * - `reach`: who can reach the port; default this machine alone.
 */
export interface ApiParts {
  readonly temporal: Client;
  readonly app: App;
  readonly catalog: unknown;
  readonly triggers: Triggers;
  readonly log: Log;
  readonly times?: TimesTable | undefined;
  readonly maxBodyBytes?: number;
  readonly dispatcher?: Dispatcher;
  readonly deadLetters?: DeadLetterDesk;
  readonly tellLate?: TellLate;
  readonly count?: CountEvent;
  readonly metrics?: Registry;
  readonly ready?: () => Promise<readonly string[] | void>;
  readonly reach?: Reach | undefined;
}

/**
 * The HTTP interface of design section 6, to be served, or mounted in an application of one's own.
 *
 * @throws ConfigError when `times` names a saga or a step that there is not; ZodError when `catalog` is none
 */
export const createApi = ({ catalog, times = NO_TIMES, ...parts }: ApiParts): Hono => {
  const sagas = knownSagas(parts.app, catalog);
  checkTimes(sagas, times);
  return apiOver({ ...parts, times, temporal: withSagas(parts.temporal, sagas) });
};

/** What {@link createApi} needs once the catalog is read, and the times are known to be of its sagas. */
interface KnownParts extends Omit<ApiParts, 'catalog'> {
  readonly temporal: SagaTemporal;
  readonly times: TimesTable;
}

/** The same over a client that knows the sagas. */
export const apiOver = ({ temporal, app, triggers, log, times, ...parts }: KnownParts): Hono => {
  const {
    dispatcher = createDispatcher({ temporal, triggers, times, log }),
    deadLetters = noDeadLetters,
    tellLate = lateToLog(log),
    ready = readiness({ temporal, health: createHealth() }),
    maxBodyBytes = MAX_BODY_BYTES,
    count,
    metrics,
    reach,
  } = parts;
  const api = createHttpApp({ log, maxBodyBytes, ready, metrics, reach, answerTo });
  getAsyncApi(api, app.events);
  eventsRoute(api, { contracts: app.events, dispatcher, lineOf: sagaOf(triggers), tellLate, ...(count && { count }) });
  getDeadLetters(api, { deadLetters });
  deleteDeadLetter(api, { deadLetters });
  postRedrive(api, { deadLetters });
  postSaga(api, { temporal, times });
  getSagas(api, { temporal });
  getSaga(api, { temporal });
  postCancel(api, { temporal });
  postRetry(api, { temporal });
  postSkip(api, { temporal });
  postResolve(api, { temporal });
  postApproval(api, { temporal });
  return api;
};
