import type { Client } from '@temporalio/client';
import { bounded } from '@amends/client/internal';
import type { Health } from '@amends/runtime/internal';

const PROBE_MS = 2_000;

/**
 * Throws, in words, why the way in can do nothing for its callers: without Temporal it cannot. Answers what else is wrong, which they need not
 * notice (E9).
 */
export const readiness =
  ({ temporal, health }: { temporal: Client; health: Health }) =>
  async (): Promise<readonly string[]> => {
    try {
      const { namespace } = temporal.options;
      await bounded(temporal, PROBE_MS, () => temporal.workflowService.describeNamespace({ namespace }));
    } catch (error) {
      throw new Error([`Temporal: ${(error as Error).message}`, ...health.reasons()].join('; '), { cause: error });
    }
    return health.reasons();
  };
