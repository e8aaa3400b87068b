// Sagas from a process that is neither their API nor their worker.
export { PayloadTooLarge, Unavailable } from '@amends/contracts/internal';
export type { Act } from './act-on-saga.ts';
export { type CancelledSaga } from './cancel-saga.ts';
export { createSagaClient, type SagaClient } from './create-saga-client.ts';
export { type SagaPage } from './list-sagas.ts';
export { type SagaFilter } from './saga-filter.ts';
export { type SignalledSaga } from './signal-saga.ts';
export { type StartedSaga } from './start-saga.ts';
export { type Updated } from './update-saga.ts';
