export { compensable, pivot, retriable } from './call-steps.ts';
export { createSagas, type Sagas } from './create-sagas.ts';
export { pointOfNoReturn } from './point-of-no-return.ts';
export { refused } from './refusal.ts';
export { approval } from './wait-steps.ts';
