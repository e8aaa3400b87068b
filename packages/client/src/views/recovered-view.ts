import { z } from 'zod';
import type { SagaView } from '@amends/contracts';

/** Which run of its saga a recovery run recovers, by its memo; undefined when it does not say so. */
export const killedRunOf = (memo: unknown): string | undefined =>
  z.object({ killedRun: z.string() }).safeParse(memo).data?.killedRun;

/**
 * A killed saga as it is shown once it is recovered: what it was started with is the killed run's, everything else its recovery
 * run's; what people did to it is kept of both. Of a killed run that is past retention nothing is known but what the recovery
 * run was told.
 */
export const recoveredView = ({
  recovery,
  killed,
}: {
  recovery: SagaView;
  killed: SagaView | null | undefined;
}): SagaView => ({
  ...recovery,
  ...(killed && {
    id: killed.id,
    saga: killed.saga,
    key: killed.key,
    input: killed.input,
    trigger: killed.trigger,
    startedAt: killed.startedAt,
    deadlineAt: killed.deadlineAt,
    audit: [...killed.audit, ...recovery.audit],
  }),
});
