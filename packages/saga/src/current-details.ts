import type { ParkedStep } from './parking.ts';
import type { SagaRun } from './saga-run.ts';
import { viewOf } from './view.ts';

/** The steps as a small Markdown table, for the Temporal Web UI; answered by a worker, not in the history (S17). */
export const detailsOf = (run: SagaRun): string => {
  const { status, cause, steps } = viewOf(run);
  const heading =
    cause === null ? `**${status}**` : `**${status}**: ${cause.step ?? 'saga'} ${cause.outcome} (${cause.code})`;
  const rows = steps.map(
    ({ name, instance, state, discharge, undo, error }) =>
      `| ${instance === null ? name : `${name}:${instance}`} | ${state} | ${undo?.state ?? ''} | ${discharge ?? ''} | ${cell(undo?.error ?? error)} |`,
  );
  return [
    run.begun ? heading : `${heading}: something came early, and what starts this saga has not come yet`,
    '',
    '| step | state | undo | discharge | error |',
    '|---|---|---|---|---|',
    ...rows,
    ...run.parked.map(whatToDo),
  ].join('\n');
};

/** What an operator can do about a parked step, by which Update. */
const whatToDo = ({ step, error, takes }: ParkedStep): string => {
  const request = `{"step":"${step}","reason":"…"`;
  const acts = [
    `\`retry\` with \`${request}${takes.input ? '[,"input":{…}]' : ''}}\``,
    ...(takes.skip ? [`\`skip\` with \`${request}}\``] : []),
    `\`resolve\` with \`${request}${takes.outcome ? ',"outcome":"done or not-done"' : ''}}\``,
  ];
  return `\nParked at **${step}**: ${cell(error)}. By Update: ${acts.join(', or ')}.`;
};

const cell = (text: string | null): string => (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
