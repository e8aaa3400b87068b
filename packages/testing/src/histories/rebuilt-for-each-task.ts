import type { History } from './manifest.ts';
import type { ToReplay } from './not-replaying.ts';

const TASK = 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED';

/**
 * Histories as far as they had come before each of their workflow tasks but the first: what a worker without a workflow cache replays, since
 * it rebuilds a saga for each task. (The SDK's replayer always caches its one run, and has no option against that.) Of those that came
 * equally far in the same way, one.
 */
export const rebuiltForEachTask = (
  recorded: readonly (ToReplay & { readonly saga: string })[],
): readonly ToReplay[] => {
  const rebuilt = new Map<string, ToReplay>();
  for (const { workflowId, saga, history } of recorded) {
    const way = [workflowId.replace(/:.*/, ''), saga];
    for (const [at, event] of history.events.entries()) {
      const isTask = event.eventType === TASK;
      if (isTask && way.includes(TASK)) {
        const part = { ...history, events: history.events.slice(0, at) };
        rebuilt.set(way.join(), { workflowId, history: part });
      }
      way.push(isTask ? TASK : wordOf(event));
    }
  }
  return [...rebuilt.values()];
};

/** What an event does, without when and with what. */
const wordOf = (event: History['events'][number]): string => {
  const { eventType, activityTaskScheduledEventAttributes: call, markerRecordedEventAttributes: marker } = event;
  const data = marker?.details?.['data']?.payloads?.[0]?.data ?? '';
  const [, type = ''] = /"activity_type":"([^"]+)"/.exec(Buffer.from(data, 'base64').toString()) ?? [];
  return `${eventType} ${call?.activityType.name ?? type}${marker?.failure === undefined ? '' : ' failed'}`;
};
