import type { z } from 'zod';
import { SagaView } from './saga-view.ts';

/**
 * What a saga says of itself as it closes: its view as of its last change, but for its input, and for the result of one that completed. It
 * stands as JSON in the metadata of the payload with which the saga closes (its result, or its cause), by this name. A cancelled saga closes
 * without a payload: there the activity that publishes its end has answered it.
 */
export const CLOSING_VIEW = 'amends-view';
export const ClosingView = SagaView.omit({ input: true, result: true }).extend({
  result: SagaView.shape.result.optional(),
});
export type ClosingView = z.infer<typeof ClosingView>;
