export { compensable, pivot, retriable } from './steps.ts';
export { pointOfNoReturn } from './point-of-no-return.ts';
export { refused } from './refusal.ts';
export { saga } from './saga.ts';
