export { compensable, pivot, retriable } from './call-steps.ts';
export { childSaga } from './child-step.ts';
export { pointOfNoReturn } from './point-of-no-return.ts';
export { refused } from './refusal.ts';
export { saga } from './saga.ts';
export { approval, event } from './wait-steps.ts';
