import type { Client } from '@temporalio/client';
import type { Hono } from 'hono';
import type { DeadLetterDesk } from '@amends/events/internal';
import type { Registry } from 'prom-client';
import type { Dispatcher } from './triggers/dispatcher.ts';
import type { CountEvent } from '@amends/events/internal';
import { eventsRoute } from '@amends/events/internal';
import type { TellLate } from '@amends/events/internal';
import { createHttpApp } from '@amends/runtime/internal';
import type { Reach } from '@amends/runtime/internal';
import type { Log } from '@amends/runtime/internal';
import type { TimesTable } from '@amends/runtime/internal';
import { deleteDeadLetter } from './delete-dead-letter.ts';
import { getAsyncApi } from './get-asyncapi.ts';
import { getDeadLetters } from './get-dead-letters.ts';
import { getSaga } from './get-saga.ts';
import { getSagas } from './get-sagas.ts';
import { postApproval } from './post-approval.ts';
import { postCancel } from './post-cancel.ts';
import { postRedrive } from './post-redrive.ts';
import { postResolve } from './post-resolve.ts';
import { postRetry } from './post-retry.ts';
import { postSaga } from './post-saga.ts';
import { postSkip } from './post-skip.ts';
import { answerTo } from './problems.ts';

/** What the way in needs. `times` is AMENDS_TIMES, fixed into every start; `ready` throws what is missing, and answers what else is wrong. */
export interface AppParts {
  readonly temporal: Client;
  readonly dispatcher: Dispatcher;
  readonly deadLetters: DeadLetterDesk;
  readonly tellLate: TellLate;
  readonly count?: CountEvent;
  /** What `GET /metrics` answers; without it there is no such path. */
  readonly metrics?: Registry;
  readonly times: TimesTable;
  readonly maxBodyBytes: number;
  readonly log: Log;
  readonly ready: () => Promise<readonly string[] | void>;
  /** Who can reach the port; default this machine alone. */
  readonly reach?: Reach;
}

/** The HTTP interface of design section 6. */
export const createApp = ({ log, maxBodyBytes, ready, metrics, reach, ...parts }: AppParts): Hono => {
  const app = createHttpApp({ log, maxBodyBytes, ready, metrics, reach, answerTo });
  getAsyncApi(app);
  eventsRoute(app, parts);
  getDeadLetters(app, parts);
  deleteDeadLetter(app, parts);
  postRedrive(app, parts);
  postSaga(app, parts);
  getSagas(app, parts);
  getSaga(app, parts);
  postCancel(app, parts);
  postRetry(app, parts);
  postSkip(app, parts);
  postResolve(app, parts);
  postApproval(app, parts);
  return app;
};
