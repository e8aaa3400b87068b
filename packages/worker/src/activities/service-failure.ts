import { ApplicationFailure } from '@temporalio/common';
import { sayable } from '@amends/contracts/protocol';
import type { LaterDetail, RefusalDetail, ServiceFailureType } from '@amends/contracts/internal';

/** Control characters, and those that turn the direction of writing: what a service says is shown on a terminal and in a page. */
const CONTROL = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]+/gu;

const shown = (text: string): string => sayable(text).replaceAll(CONTROL, ' ');

const failure = (
  type: ServiceFailureType,
  message: string,
  details: unknown[],
  options: Partial<Parameters<typeof ApplicationFailure.create>[0]>,
): ApplicationFailure => ApplicationFailure.create({ type, message: shown(message), details, ...options });

/** A business no, final; alarms nobody. */
export const refused = (attempt: number, { code, message, ...rest }: RefusalDetail): ApplicationFailure =>
  failure('Refused', `${code}: ${message}`, [attempt, { code: shown(code), message: shown(message), ...rest }], {
    nonRetryable: true,
    category: 'BENIGN',
  });

/** It may or may not have happened, and asking again is in vain. */
export const unknown = (attempt: number, message: string): ApplicationFailure =>
  failure('Unknown', message, [attempt], { nonRetryable: true });

/** As {@link unknown}, in both lanes: an answer that is more than the history takes (S15), an undo that the service refuses. */
export const final = (attempt: number, message: string): ApplicationFailure =>
  failure('Final', message, [attempt], { nonRetryable: true });

/** Not now: Temporal asks again within the step's budget, after `retryInMs` or its own back-off. */
export const unavailable = (attempt: number, message: string, retryInMs?: number): ApplicationFailure =>
  failure('Unavailable', message, [attempt], { ...(retryInMs !== undefined && { nextRetryDelay: retryInMs }) });

/** Not now, and not in the fast lane: the engine asks again in the durable lane, `retryInMs` from now. */
export const handedOver = (attempt: number, message: string, retryInMs: number): ApplicationFailure =>
  failure('Unavailable', message, [attempt, { retryInMs } satisfies LaterDetail], { nonRetryable: true });

/** Of a call that is sent once: it was not, and may be tried again `retryInMs` from now. */
export const notSent = (message: string, retryInMs: number): ApplicationFailure =>
  failure('NotSent', message, [0, { retryInMs } satisfies LaterDetail], { nonRetryable: true });

export const isFailure = (error: unknown, type?: ServiceFailureType): error is ApplicationFailure =>
  error instanceof ApplicationFailure && (type === undefined || error.type === type);
