import type { WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** A history as whoever looks for a mistake reads it: `8 activityTaskScheduled reserveStock`, one event a line. */
export const historyInBrief = ({ events }: History): string =>
  (events ?? [])
    .map((event) => {
      const [name] = Object.keys(event).filter((member) => member.endsWith('EventAttributes'));
      const attributes = event.activityTaskScheduledEventAttributes ?? event.timerStartedEventAttributes ?? {};
      const about =
        'activityId' in attributes ? attributes.activityId : 'timerId' in attributes ? attributes.timerId : '';
      return `    ${String(event.eventId)} ${name?.replace('EventAttributes', '')} ${about ?? ''}`.trimEnd();
    })
    .join('\n');
