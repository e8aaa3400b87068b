// The contract with running histories: each export is a workflow type. Renaming or removing one breaks its open sagas.
export { fulfilOrder } from './fulfil-order.ts';
