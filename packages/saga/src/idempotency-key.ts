import { stepId } from './words.ts';

/**
 * The key under which a participant knows one step of one saga: `<saga id>/<step>[:<instance>]`, the same in both lanes and in
 * every run. Never the run id: a reset or continue-as-new must not charge twice.
 */
export const idempotencyKey = (sagaId: string, step: string, instance: string | null): string =>
  `${sagaId}/${stepId(step, instance)}`;
