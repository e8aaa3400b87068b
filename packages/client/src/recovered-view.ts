import { z } from 'zod';
import type { SagaView } from '@amends/contracts';

/** More changes than a run lives to count. */
const CHANGES_OF_A_RUN = 1_000_000_000;

const Memo = z.object({ versionFrom: z.int() });

/** The memo of a recovery run: where its versions begin, beyond all that the runs before it may have shown. `before`: its predecessor's memo. */
export const recoveryMemo = (before?: unknown): z.infer<typeof Memo> => ({
  versionFrom: (before === undefined ? 0 : versionFrom(before)) + CHANGES_OF_A_RUN,
});

const versionFrom = (memo: unknown): number => Memo.safeParse(memo).data?.versionFrom ?? CHANGES_OF_A_RUN;

/**
 * A killed saga as it is shown once it is recovered: what it was started with is the killed run's, everything else its recovery
 * run's; what people did to it is kept of both. Of a killed run that is past retention nothing is known but what the recovery
 * run was told.
 */
export const recoveredView = ({
  recovery,
  memo,
  killed,
}: {
  recovery: SagaView;
  memo: unknown;
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
  version: versionFrom(memo) + recovery.version,
});
