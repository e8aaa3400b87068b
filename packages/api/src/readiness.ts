import type { Client } from '@temporalio/client';
import { bounded } from '@amends/client/internal';

const PROBE_MS = 2_000;

/** Throws, in words, what the way in needs and has not got; `broker` undefined: it needs none. */
export const readiness =
  ({ temporal, broker }: { temporal: Client; broker: { connected: () => boolean } | undefined }) =>
  async (): Promise<void> => {
    const missing = [];
    try {
      const { namespace } = temporal.options;
      await bounded(temporal, PROBE_MS, () => temporal.workflowService.describeNamespace({ namespace }));
    } catch (error) {
      missing.push(`Temporal: ${(error as Error).message}`);
    }
    if (broker?.connected() === false) missing.push('NATS: it cannot be reached');
    if (missing.length > 0) throw new Error(missing.join('; '));
  };
