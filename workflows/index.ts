// The contract with running histories: each export is a workflow type. Renaming or removing one breaks its open sagas.
export { bookParcels } from './book-parcels.ts';
export { cancelParcels } from './cancel-parcels.ts';
export { fulfilOrder } from './fulfil-order.ts';
export { fulfilSplitOrder } from './fulfil-split-order.ts';
export { returnOrder } from './return-order.ts';
export { sweepKilledSagas } from '@amends/saga/workflows';
