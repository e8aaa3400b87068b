import { ApplicationFailure } from '@temporalio/activity';
import type { Holiday } from '../before/activities.ts';

/** Which run asks: `byHand:<booking>`, and when it began (`workflowInfo().startTime.toISOString()`). */
export interface Run {
  readonly saga: string;
  readonly startedAt: string;
}

const post = async <T>(url: string, { saga, startedAt }: Run, step: string, body: unknown): Promise<T> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `${saga}/${step}`,
      'saga-started': startedAt,
    },
    body: JSON.stringify(body),
  });
  if (answer.status === 409) throw ApplicationFailure.nonRetryable(await answer.text(), 'Refused');
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as T;
};

/** The calls of services that take part. */
export const createActivities = ({ cars }: Record<string, string>) => ({
  reserveCar: (run: Run, { bookingId, nights }: Holiday) =>
    post<{ carId: string }>(`${cars}/cars`, run, 'reserveCar', { bookingId, nights }),
  /** Register it before `reserveCar` is called: it may come first, or for nothing. */
  returnCar: (run: Run) => post<unknown>(`${cars}/saga-operations/undo`, run, 'reserveCar', {}),
});
