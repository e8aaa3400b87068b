import type { z } from 'zod';
import { SagaView } from './saga-view.ts';

/** What a saga says of itself as it closes: its view as of its last change, but for its input, and for the result of one that completed. */
export const ClosingView = SagaView.omit({ input: true, result: true }).extend({
  result: SagaView.shape.result.optional(),
});
export type ClosingView = z.infer<typeof ClosingView>;
