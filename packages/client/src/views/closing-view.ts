import type { Client } from '@temporalio/client';
import { CLOSING_VIEW, ClosingView } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';

type Page = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
/** An event of a history, as the server has it. */
export type HistoryEvent = NonNullable<NonNullable<Page['history']>['events']>[number];
type Payload = Parameters<SagaTemporal['options']['loadedDataConverter']['payloadConverter']['fromPayload']>[0];

/** With which a run closes; undefined where it closes with none. */
export const closingPayload = (event: HistoryEvent | undefined): Payload | undefined =>
  event?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0] ??
  event?.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo?.details?.payloads?.[0] ??
  undefined;

/** What a saga has told of itself as it closed, in the payload with which it did; undefined when that says nothing. */
export const closingViewIn = (payload: Payload | undefined): ClosingView | undefined => {
  const told = payload?.metadata?.[CLOSING_VIEW];
  return told ? read(() => JSON.parse(new TextDecoder().decode(told))) : undefined;
};

const PUBLISH = 'engine:publishEvent';

/**
 * What a cancelled saga has told: it is what the activity answered that published its end. Undefined where a person's act came behind it, which
 * may have changed the saga once more.
 *
 * @param events the last of its history, in their order
 */
export const closingViewAmong = (client: SagaTemporal, events: readonly HistoryEvent[]): ClosingView | undefined => {
  const { payloadConverter } = client.options.loadedDataConverter;
  for (const event of events.toReversed()) {
    if (event.workflowExecutionUpdateAcceptedEventAttributes) return undefined;
    const told = answerOfPublish(client, event, events);
    if (told) return read(() => payloadConverter.fromPayload(told));
  }
  return undefined;
};

/** In the fast lane it is a marker, in the durable lane an event that names the one of its beginning. */
const answerOfPublish = (
  client: SagaTemporal,
  { markerRecordedEventAttributes: marker, activityTaskCompletedEventAttributes: completed }: HistoryEvent,
  events: readonly HistoryEvent[],
): Payload | undefined => {
  const data = marker?.details?.['data']?.payloads?.[0];
  if (marker && data) {
    const { payloadConverter } = client.options.loadedDataConverter;
    const { activity_type } = payloadConverter.fromPayload<{ readonly activity_type?: string }>(data);
    return activity_type === PUBLISH ? (marker.details?.['result']?.payloads?.[0] ?? undefined) : undefined;
  }
  const begun = events.find(({ eventId }) => completed && String(eventId) === String(completed.scheduledEventId));
  return begun?.activityTaskScheduledEventAttributes?.activityType?.name === PUBLISH
    ? completed?.result?.payloads?.[0]
    : undefined;
};

const read = (told: () => unknown): ClosingView | undefined => {
  try {
    return ClosingView.safeParse(told()).data;
  } catch {
    return undefined;
  }
};
