import type { EventMessage } from '@amends/contracts/internal';
import type { SagaRun } from '../run/saga-run.ts';
import { isObject, readCarried, tellLate } from './tell-late.ts';

/**
 * Keeps an event for the step that waits, or will wait, for its type (S11); the same event again changes nothing. Nobody waits for the
 * answer: when the saga has no use for it, the saga itself tells it as late (E4).
 */
export const takeEvent = async (run: SagaRun, message: unknown): Promise<void> => {
  const { id, source, type, data, event } = read(message);
  if (type === null) return;
  const of = `event ${type}`;
  const from = id !== null && source !== null ? { id, source } : null;
  if (from && run.answers.isFrom(of, from)) return;
  const carried = readCarried(event);
  if (!run.closing && isAwaited(run, type) && run.answers.keep(of, data, from && { ...from, carried })) {
    run.changed();
  } else if (carried) await tellLate(run, carried, run.closing ? 'closed' : 'not-awaited');
};

/** Tells what came and was never waited for, before the saga ends. */
export const tellUnused = async (run: SagaRun): Promise<void> => {
  await Promise.all(run.answers.unused.map((carried) => tellLate(run, carried, 'not-awaited')));
};

/** Whether a step waits for that type, or may still come to. */
const isAwaited = (run: SagaRun, type: string): boolean =>
  Object.entries(run.definition.steps).some(
    ([name, step]) => step.kind === 'event' && step.event === type && !run.answers.wasGiven(name),
  );

const read = (message: unknown) => {
  const said: { readonly [K in keyof EventMessage]?: unknown } = isObject(message) ? message : {};
  return { id: text(said.id), source: text(said.source), type: text(said.type), data: said.data, event: said.event };
};

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
