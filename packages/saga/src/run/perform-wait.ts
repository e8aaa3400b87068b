import { condition, sleep } from '@temporalio/workflow';
import { epoch, instant } from './clock.ts';
import type { Pass } from './pass.ts';
import type { Entry } from './ledger.ts';
import type { SagaRun } from './saga-run.ts';
import type { Step } from '../author/steps.ts';
import type { Decision } from '../author/wait-steps.ts';

/** What a wait of that name waits for, in {@link Answers}. */
const awaited = (name: string, step: Step<'event' | 'approval'>): string =>
  step.kind === 'event' ? `event ${step.event}` : `approval ${name}`;

/**
 * Waits for an event or a person, up to the step's time limit from when it first began to wait (S11); null when the pass has halted
 * meanwhile. What came before is taken at once. The answer is fixed: any later pass gets the same.
 */
export const performWait = async (
  run: SagaRun,
  pass: Pass,
  name: string,
  step: Step<'event' | 'approval'>,
): Promise<{ readonly value: unknown } | null> => {
  if (run.answers.wasGiven(name)) return { value: run.answers.given(name) };
  const of = awaited(name, step);
  const entry = run.ledger.find(name, null) ?? run.ledger.open(name, null, null);
  run.ledger.change(entry, { state: 'running' });
  const left = new Date(entry.startedAt).getTime() + run.times.within(name, step.within) - epoch();
  const has = (): boolean => run.answers.hasCome(of);
  try {
    const came = has() || (await pass.waiting(() => condition(has, Math.max(1, left), { summary: name })));
    // nothing follows before that is in the history: what comes while a task that is lost goes on must find it decided
    if (!came) await pass.waiting(() => sleep(1, { summary: 'nothing came in time' }));
    const value = run.answers.give(name, came ? { of } : { value: unanswered(step) });
    end(run, entry, came || step.kind === 'approval' ? 'done' : 'skipped', came ? null : 'nothing came in time');
    return { value };
  } catch {
    end(run, entry, 'skipped', 'not waited for any more');
    return null;
  }
};

const unanswered = (step: Step<'event' | 'approval'>): Decision | undefined =>
  step.kind === 'event' ? undefined : { decision: step.otherwise, by: null, reason: 'nobody answered in time' };

const end = (run: SagaRun, entry: Entry, state: 'done' | 'skipped', error: string | null): void => {
  run.ledger.change(entry, { state, error, endedAt: instant() });
  run.ledger.discharge(entry, 'kept');
};
