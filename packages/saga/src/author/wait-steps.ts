import type { Span } from './span.ts';
import type { Step } from './steps.ts';

/** What a person, or nobody in time, has decided; then `by` is null. */
export interface Decision {
  readonly decision: 'approved' | 'denied';
  readonly by: string | null;
  readonly reason: string;
}

/** A step that waits for an event of that type, of the saga's key. */
export const event = <D>(
  type: string,
  { within }: { readonly within: Span },
): Step<'event', void, D | undefined, undefined> => ({ kind: 'event', event: type, within, each: null });

/** Waits for a person; `otherwise` is the decision when nobody has answered in time. A decision that came early is kept. */
export const approval = ({
  within,
  otherwise,
}: {
  within: Span;
  otherwise: 'approved' | 'denied';
}): Step<'approval', void, Decision, undefined> => ({ kind: 'approval', within, otherwise, each: null });
