// A service as a process: its HTTP app, database, outbox and life.
export type { EventRoutes } from '@amends/events/internal';
export { instantOf } from '@amends/events/internal';
export { fingerprint } from '@amends/runtime/internal';
export { isBusy, isConflict, isLockTimeout } from '../database/sql-error.ts';
export { announceFrom, type Announce } from './announce.ts';
export { atOnce } from './at-once.ts';
export { exactly, instant, isoOf, oneOf, wholeNumber, word } from './columns.ts';
export { inTransaction, type Database } from './database.ts';
export { httpProblem, requireToken } from './http-problem.ts';
export { listen, type Listening } from './listen.ts';
export { pageQuery, pagesOf, type Page } from './paging.ts';
export { readPath, readQuery } from './request.ts';
export { runService, type BuildService, type ServiceBody, type Surroundings } from './run-service.ts';
export { createServiceApp, type ServiceParts } from './service-app.ts';
export { withOutbox } from './with-outbox.ts';
