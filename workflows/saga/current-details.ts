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
  const parked = run.parked.map(
    ({ step, error }) =>
      `\nParked at **${step}**: ${cell(error)}. Take it up again by Update \`retry\` with \`{"step":"${step}","reason":"…"}\`.`,
  );
  return [heading, '', '| step | state | undo | discharge | error |', '|---|---|---|---|---|', ...rows, ...parked].join(
    '\n',
  );
};

const cell = (text: string | null): string => (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
