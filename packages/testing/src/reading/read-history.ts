import type { WorkflowHandle } from '@temporalio/client';

/** What a run's history tells of one activity, in either lane. */
export interface RecordedCall {
  readonly type: string;
  readonly lane: 'fast' | 'durable';
  readonly summary: string | null;
}

const json = (data: Uint8Array | null | undefined): unknown =>
  data ? (JSON.parse(Buffer.from(data).toString()) as unknown) : null;

/** The activities of a run in the order of its history: local ones as they ended, ordinary ones as they were scheduled. */
export const recordedCalls = async (saga: WorkflowHandle): Promise<RecordedCall[]> => {
  const { events } = await saga.fetchHistory();
  return (events ?? []).flatMap<RecordedCall>(
    ({ activityTaskScheduledEventAttributes, markerRecordedEventAttributes, userMetadata }) => {
      const summary = json(userMetadata?.summary?.data) as string | null;
      const durable = activityTaskScheduledEventAttributes?.activityType?.name;
      if (durable) return [{ type: durable, lane: 'durable', summary }];
      const local = json(markerRecordedEventAttributes?.details?.['data']?.payloads?.[0]?.data) as {
        activity_type?: string;
      } | null;
      return local?.activity_type ? [{ type: local.activity_type, lane: 'fast', summary }] : [];
    },
  );
};
