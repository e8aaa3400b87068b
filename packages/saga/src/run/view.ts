import type { SagaView, StepView } from '@amends/contracts';
import type { Entry } from './ledger.ts';
import type { SagaRun } from './saga-run.ts';
import { isCall, type Step } from '../author/steps.ts';

/** The saga as everybody sees it (design section 6). When it closed is known to Temporal, not to itself. */
export const viewOf = (run: SagaRun): SagaView => ({
  id: run.id,
  saga: run.definition.name,
  key: run.key,
  status: run.status,
  phase: run.phase,
  version: run.version,
  startedAt: run.startedAt,
  closedAt: null,
  deadlineAt: run.deadlineAt,
  trigger: run.trigger,
  input: run.input,
  result: run.result,
  cause: run.cause,
  steps: shownSteps(run),
  audit: [...run.audit],
});

/** In the definition's order; then what only a participant knew of; then the engine's own names, while they are parked. */
export const shownSteps = (run: SagaRun): StepView[] => {
  const { steps } = run.definition;
  const entries = run.ledger.entries;
  const defined = Object.entries(steps).flatMap(([name, step]) => {
    const opened = entries.filter((entry) => entry.name === name);
    return opened.length === 0 ? [pendingView(name, step)] : opened.map((entry) => openedView(entry, step));
  });
  const found = entries.filter(({ name }) => steps[name] === undefined).map((entry) => openedView(entry, undefined));
  const reserved = run.parked
    .filter(({ step }) => step === 'flow' || step.startsWith('seal:'))
    .map(({ step, error, attempt, since }) => ({
      ...BLANK,
      name: step,
      state: 'parked' as const,
      service: step === 'flow' ? null : step.slice('seal:'.length),
      attempt,
      startedAt: since,
      error,
    }));
  return [...defined, ...found, ...reserved];
};

const BLANK = {
  instance: null,
  kind: 'compensable',
  service: null,
  lane: null,
  state: 'pending',
  discharge: null,
  attempt: 0,
  startedAt: null,
  endedAt: null,
  error: null,
  undo: null,
} satisfies Partial<StepView>;

/** Before it is called a step shows the lane that its definition says. */
const pendingView = (name: string, step: Step): StepView => ({
  ...BLANK,
  name,
  kind: step.kind,
  ...(isCall(step) && { service: step.service, lane: step.lane }),
});

const openedView = (entry: Entry, step: Step | undefined): StepView => ({
  ...BLANK,
  name: entry.name,
  instance: entry.instance,
  kind: step?.kind ?? 'compensable',
  service: step !== undefined && isCall(step) ? step.service : entry.foundAt,
  lane: entry.lane,
  state: entry.state,
  discharge: entry.discharge,
  attempt: entry.attempt,
  startedAt: entry.startedAt,
  endedAt: entry.endedAt,
  error: entry.error,
  undo: entry.undo,
});
