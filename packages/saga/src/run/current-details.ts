import { setCurrentDetails } from '@temporalio/workflow';
import type { Cause, StepView } from '@amends/contracts';
import type { ParkedStep } from '../messages/parking.ts';
import type { SagaRun } from './saga-run.ts';
import { shownSteps } from './view.ts';

/** So many instances of a step have a row each; of more, those that need to be looked at, and one row for all. */
const ROWS_A_STEP = 20;
const PARKED_SHOWN = 20;
/** Of an error; the view has all of it. */
const ERROR_CHARS = 200;

/** Has the Temporal Web UI show the steps as a small Markdown table: answered by a worker when somebody asks, not in the history (S17). */
export const showDetails = (run: SagaRun): void => setCurrentDetails(whenAsked(() => detailsOf(run)));

/**
 * Details that are drawn when somebody looks: a wide saga would do little else than draw its thousands of steps at each change. The SDK (1.24)
 * answers them as JSON, which asks a value for what it is.
 */
const whenAsked = (draw: () => string): string => ({ toJSON: draw }) as unknown as string;

const detailsOf = (run: SagaRun): string => {
  const { status, cause, parked } = run;
  const heading = cause === null ? `**${status}**` : `**${status}**: ${why(cause)}`;
  const more = parked.length - PARKED_SHOWN;
  return [
    run.begun ? heading : `${heading}: something came early, and what starts this saga has not come yet`,
    '',
    '| step | state | undo | discharge | error |',
    '|---|---|---|---|---|',
    ...rowsOf(shownSteps(run)),
    ...parked.slice(0, PARKED_SHOWN).map(whatToDo),
    ...(more > 0 ? [`\n${more} more are parked.`] : []),
  ].join('\n');
};

/** What is no step's refusal has only its own words. */
const why = ({ step, outcome, code, message }: Cause): string =>
  step === null && outcome === 'error' ? cell(message) : `${step ?? 'saga'} ${outcome} (${code})`;

const rowsOf = (steps: readonly StepView[]): string[] => {
  const byName = new Map<string, StepView[]>();
  for (const step of steps) {
    const same = byName.get(step.name);
    if (same) same.push(step);
    else byName.set(step.name, [step]);
  }
  return [...byName.values()].flatMap((same) => {
    if (same.length <= ROWS_A_STEP) return same.map(rowOf);
    return [
      allOf(same),
      ...same
        .filter(({ error, undo }) => (undo?.error ?? error) !== null)
        .slice(0, ROWS_A_STEP)
        .map(rowOf),
    ];
  });
};

const rowOf = ({ name, instance, state, discharge, undo, error }: StepView): string =>
  `| ${instance === null ? name : `${name}:${instance}`} | ${state} | ${undo?.state ?? ''} | ${discharge ?? ''} | ${cell(undo?.error ?? error)} |`;

/** `| bookParcel, 3000 of them | 2990 done, 10 running | | | |` */
const allOf = (same: readonly StepView[]): string => {
  const columns = [
    same.map(({ state }) => state),
    same.map(({ undo }) => undo?.state ?? ''),
    same.map(({ discharge }) => discharge ?? ''),
  ].map(counted);
  return `| ${same[0]?.name ?? ''}, ${same.length} of them | ${columns.join(' | ')} | |`;
};

const counted = (values: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} ${value}`).join(', ');
};

/** What an operator can do about a parked step, by which Update. */
const whatToDo = ({ step, error, takes }: ParkedStep): string => {
  const request = `{"step":"${step}","reason":"…"`;
  const acts = [
    ...(takes.retry ? [`\`retry\` with \`${request}${takes.input ? '[,"input":{…}]' : ''}}\``] : []),
    ...(takes.skip ? [`\`skip\` with \`${request}}\``] : []),
    `\`resolve\` with \`${request}${takes.outcome === 'none' ? '' : ',"outcome":"done or not-done"'}}\``,
  ];
  const byItself = step.startsWith('seal:') ? ' It is asked again by itself, and goes on when it answers.' : '';
  return `\nParked at **${step}**: ${cell(error)}.${byItself} By Update: ${acts.join(', or ')}.`;
};

const cell = (text: string | null): string =>
  (text ?? '').slice(0, ERROR_CHARS).replaceAll('|', '\\|').replaceAll('\n', ' ');
