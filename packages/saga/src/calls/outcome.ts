import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { RefusalDetail, ServiceFailureType } from '@amends/contracts/internal';

/** How a call of a service ended (S2). `attempt` counts from 1; 0 where none is known to have begun. */
export type Outcome<T = unknown> =
  | { readonly kind: 'done'; readonly answer: T; readonly attempt: number }
  | ({ readonly kind: 'refused'; readonly attempt: number } & RefusalDetail)
  | {
      readonly kind: 'unknown';
      readonly message: string;
      readonly attempt: number;
      /** It was never sent: nothing has happened. */
      readonly notSent?: true;
    }
  /** `isSent`: a request may have been. */
  | { readonly kind: 'cancelled'; readonly isSent: boolean };

/** An outcome that is none of `done`. */
export type Failed = Exclude<Outcome, { kind: 'done' }>;

/** The same as words and a count, for whoever parks on it. */
export const failureOf = (outcome: Failed): { message: string; attempt: number } =>
  outcome.kind === 'cancelled' ? { message: 'cancelled', attempt: 0 } : outcome;

/** What failed, in either lane: an ordinary activity wraps it, a local one does not. */
export const failureIn = (error: unknown): unknown => (error instanceof ActivityFailure ? error.cause : error);

/** Whether the budget ran out while an attempt, or nobody, was at it; otherwise the last attempt's own failure is known. */
export const ranOut = (error: unknown): boolean => failureIn(error) instanceof TimeoutFailure;

/** What a failed activity says about its call. */
export const outcomeOf = (error: unknown): Failed => {
  if (isCancellation(error)) return { kind: 'cancelled', isSent: true };
  const cause = failureIn(error);
  if (!(cause instanceof ApplicationFailure)) return { kind: 'unknown', ...lastFailureOf(error) };
  const attempt = Number(cause.details?.[0] ?? 1);
  if (cause.type === ('Refused' satisfies ServiceFailureType)) {
    return { kind: 'refused', ...(cause.details?.[1] as RefusalDetail), attempt };
  }
  return { kind: 'unknown', message: cause.message, attempt };
};

type RawFailure = {
  readonly message?: string | null;
  readonly cause?: RawFailure | null;
  readonly activityFailureInfo?: unknown;
  readonly applicationFailureInfo?: {
    readonly details?: { readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null } | null;
  } | null;
};

/**
 * What failed last before the time ran out: the SDK's timeout failure drops its cause, the raw failure has it (S13). Its first
 * detail, the attempt, is a JSON number, so ASCII.
 */
const lastFailureOf = (error: unknown): { message: string; attempt: number } => {
  const raw = (error as { failure?: RawFailure }).failure;
  const timeout = raw?.activityFailureInfo ? raw.cause : raw;
  const last = timeout?.cause;
  const digits = last?.applicationFailureInfo?.details?.payloads?.[0]?.data;
  const attempt = Number(String.fromCharCode(...(digits ?? [])));
  const why = timeout?.message ?? (error instanceof Error ? error.message : String(error));
  return {
    message: last?.message ? `${last.message} (${why})` : why,
    attempt: Number.isInteger(attempt) ? attempt : 0,
  };
};
