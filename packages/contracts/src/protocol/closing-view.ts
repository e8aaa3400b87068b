/**
 * The name by which a saga's view stands as JSON in the metadata of the payload with which the saga closes: its result, or its cause. A cancelled
 * saga closes without a payload: there the activity that publishes its end has answered the view.
 */
export const CLOSING_VIEW = 'amends-view';
