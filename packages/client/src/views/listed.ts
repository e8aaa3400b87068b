import { z } from 'zod';
import type { SagaStart } from '@amends/contracts/internal';
import { Trigger, Instant } from '@amends/contracts';
import type { KnownSagas } from '../known-sagas.ts';

/** What a list tells of a saga's start; `deadline`: the one that the start overrides, in milliseconds. */
const Listed = z.object({ startedAt: Instant, trigger: Trigger, deadline: z.int().nullable() });
export type Listed = z.infer<typeof Listed>;

/** In the memo of every run, so that a list need ask nobody (the engine writes the same of a child saga). */
export const listedMemo = ({ startedAt, trigger, times }: SagaStart): { readonly listed: Listed } => ({
  listed: { startedAt, trigger, deadline: times.deadline ?? null },
});

/** What the memo says; of a run that somebody started past us, what the server knows. */
export const listedOf = (memo: Readonly<Record<string, unknown>> | undefined, startTime: Date): Listed =>
  Listed.safeParse(memo?.['listed']).data ?? {
    startedAt: startTime.toISOString(),
    trigger: { kind: 'http', id: null, type: null, source: null },
    deadline: null,
  };

/** Until when a saga has; null when it has no deadline, or waits for what starts it (E4). */
export const deadlineOf = (
  { catalog }: Pick<KnownSagas, 'catalog'>,
  saga: string,
  { startedAt, deadline }: Listed,
  isEarly: boolean,
): string | null => {
  const within = isEarly ? null : (deadline ?? catalog.get(saga)?.deadline ?? null);
  return within === null ? null : new Date(Date.parse(startedAt) + within).toISOString();
};
