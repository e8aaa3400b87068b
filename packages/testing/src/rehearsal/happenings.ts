import type { Step, Steps } from '@amends/saga';
import type { Befalls } from './rehearsed.ts';
import { actionOf, type Application } from './application.ts';

/** Something that may befall a step, and how that is said. */
export interface Happening {
  readonly words: string;
  readonly befalls: Befalls;
}

/** Everything that may befall one step instead of its usual answer; a person's yes and a service's success are usual. */
export const happeningsOf = (step: Step, app: Application): readonly Happening[] => {
  const stops: readonly Happening[] = [
    { words: 'cancelled there', befalls: { what: 'halted', by: 'cancelled' } },
    { words: 'its deadline passes there', befalls: { what: 'halted', by: 'deadline' } },
  ];
  switch (step.kind) {
    case 'approval':
      return [
        { words: 'a person says no', befalls: decided('denied', 'ann', 'no') },
        { words: 'nobody answers', befalls: decided(step.otherwise, null, 'nobody answered in time') },
        ...stops,
      ];
    case 'event':
      return [{ words: 'it does not come', befalls: { what: 'answered', value: undefined } }, ...stops];
    default: {
      const refusals = refusalsOf(step, app).map((code) => ({
        words: `refused (${code})`,
        befalls: { what: 'refused' as const, code },
      }));
      return [...refusals, { words: 'nobody knows', befalls: { what: 'unknown' } }, ...stops];
    }
  }
};

/** With which codes a step may be refused: its contract's, or, of a child, the child's own and those that make it undo itself. */
export const refusalsOf = (step: Step, app: Application): readonly string[] => {
  if (step.kind === 'event' || step.kind === 'approval') return [];
  if (step.kind !== 'child') return Object.keys(actionOf(app, step)?.refusals ?? {});
  const { definition, contract } = app.sagas[step.saga] ?? {};
  return [...new Set([...Object.keys(contract?.refusals ?? {}), ...undoing(definition?.steps ?? {}, app)])];
};

const undoing = (steps: Steps, app: Application): readonly string[] =>
  Object.values(steps).flatMap((step) =>
    step.kind === 'retriable'
      ? []
      : refusalsOf(step, app).filter((code) => !('expects' in step) || !step.expects.includes(code)),
  );

const decided = (decision: 'approved' | 'denied', by: string | null, reason: string): Befalls => ({
  what: 'answered',
  value: { decision, by, reason },
});
