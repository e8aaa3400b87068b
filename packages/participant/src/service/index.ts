// A service as a process: its HTTP app, database, outbox and life.
export { announceFrom } from './announce.ts';
export { atOnce } from './at-once.ts';
export { exactly, instant, isoOf, oneOf, wholeNumber, word } from './columns.ts';
export { inTransaction, type Database } from './database.ts';
export { listen } from './listen.ts';
export { pageQuery, pagesOf, type Page } from './paging.ts';
export { listOfOrder, OrderPath, readPath, readQuery } from './request.ts';
export { createServiceApp, type ServiceParts } from './service-app.ts';
export { runService, type ServiceBody } from './service-process.ts';
export { withOutbox } from './with-outbox.ts';
