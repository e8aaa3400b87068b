// Sagas from a process that is neither their API nor their worker.
export { PayloadTooLarge, Unavailable } from '@amends/contracts/internal';
export type { Act } from './acts/act-on-saga.ts';
export { type CancelledSaga } from './acts/cancel-saga.ts';
export { createSagaClient, type SagaClient } from './create-saga-client.ts';
export { type SagaPage } from './views/list-sagas.ts';
export { type SagaFilter } from './views/saga-filter.ts';
export { type SignalledSaga } from './acts/signal-saga.ts';
export { type StartedSaga } from './starts/start-saga.ts';
export { type Updated } from './acts/update-saga.ts';
