import { RawValue } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/workflow';
import type { SagaEnd } from '@amends/contracts';
import type { ClosingView } from '@amends/contracts/internal';
import { CLOSING_VIEW } from '@amends/contracts/protocol';
import { tooLarge } from '../calls/payload-limit.ts';
import type { SagaRun } from './saga-run.ts';
import { viewOf } from './view.ts';

/** Beside the largest result it still fits into one payload; a saga that is so wide is shown by a worker. */
const MAX_BYTES = 100_000;

/** The saga as it will be once it has ended so, `changes` from now; undefined when that is too large. */
export const closingViewOf = (run: SagaRun, end: SagaEnd, changes = 0): ClosingView | undefined => {
  const { input: _, result, ...view } = viewOf(run);
  const closing = { ...view, status: end, version: view.version + changes, ...(end !== 'completed' && { result }) };
  return tooLarge(closing, MAX_BYTES) === null ? closing : undefined;
};

/** A value with the view beside it: whoever reads the value reads what it was, and the API shows the saga without a worker. */
export const withClosingView = (value: unknown, closing: ClosingView | undefined): unknown => {
  if (closing === undefined) return value;
  const { metadata, ...payload } = defaultPayloadConverter.toPayload(value);
  const { data } = defaultPayloadConverter.toPayload(closing);
  return RawValue.fromPayload({ ...payload, metadata: { ...metadata, ...(data && { [CLOSING_VIEW]: data }) } });
};
