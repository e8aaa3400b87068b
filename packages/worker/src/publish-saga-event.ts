import { SAGAS_SOURCE, type SagaEventToPublish } from '@amends/contracts/internal';
import { handOut, newEvent, type Outlet } from '@amends/events/internal';
import { fingerprint } from '@amends/runtime/internal';

/**
 * Hands a saga's own event to everybody who takes it. By the run's id, which nobody outside of Temporal knows, and its own the broker knows
 * a repeat, whichever worker sends it; nobody else can take that id before.
 *
 * @throws when not all of them have it; then it is to be published again
 */
export const publishSagaEvent = (
  outlet: Pick<Outlet, 'targets'>,
  { id, type, data }: SagaEventToPublish,
  runId: string,
): Promise<void> =>
  handOut(
    outlet,
    newEvent({ type, source: SAGAS_SOURCE, subject: data.key, data, id, time: data.at }),
    fingerprint([runId, SAGAS_SOURCE, id]),
  );
