// The contract with running histories: each export is a workflow type. Renaming or removing one breaks its open sagas.
export { bookTrip } from './book-trip.ts';
export { sweepKilledSagas } from '@amends/saga/workflows';
