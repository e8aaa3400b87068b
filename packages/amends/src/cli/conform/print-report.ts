import { isKept, type Report, type Row } from '../../conform/index.ts';
import { legible } from './legible.ts';

const LEGEND: Readonly<Record<string, string>> = {
  P1: 'once, however often it is asked',
  P2: 'a key stands for one request',
  P3: 'undo before the action',
  P4: 'no action after its undo',
  P5: 'undone once',
  P6: 'settled for good',
  P7: 'record and effect together',
  P8: 'refusals are stored',
  P9: 'undo by the key; look-ups',
  P10: 'sealed',
  P11: 'too old to be known',
  input: 'what cannot be read',
};

const WHOLE_SERVICE = '(service)';
const WORDS = { pass: 'pass', fail: 'FAIL', skipped: 'skipped' } as const;
const COLOURS = { pass: 32, fail: 31, skipped: 33 } as const;

/** The table of a report, line by line: a row each promise and action, and below a failed one what was wrong. */
export const reportLines = (report: Report, { colours, columns }: { colours: boolean; columns: number }): string[] => {
  const { rows, uncounted } = report;
  const actionWidth = Math.max(...rows.map(({ action }) => (action ?? WHOLE_SERVICE).length), 'action'.length);
  const promiseWidth = Math.max(...Object.entries(LEGEND).map(([name, says]) => `${name.padEnd(5)} ${says}`.length));
  const paint = (text: string, code: number): string => (colours ? `\u001B[${code}m${text}\u001B[39m` : text);
  const lines = rows.flatMap((row, n) => {
    const isFirst = rows[n - 1]?.promise !== row.promise;
    const promise = isFirst ? `${row.promise.padEnd(5)} ${LEGEND[row.promise] ?? ''}` : '';
    const head = `${promise.padEnd(promiseWidth)}  ${(row.action ?? WHOLE_SERVICE).padEnd(actionWidth)}  `;
    return [
      `${head}${paint(WORDS[row.result], COLOURS[row.result])}${legible(why(row))}`,
      ...wrapped(failureLines(row).map(legible), columns),
    ];
  });
  const count = (result: Row['result']): number => rows.filter((row) => row.result === result).length;
  return [
    `${'promise'.padEnd(promiseWidth)}  ${'action'.padEnd(actionWidth)}  result`,
    ...lines,
    '',
    ...wrapped(sparedLines(rows, uncounted).map(legible), columns),
    `${report.url}: ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped.`,
    isKept(report) ? 'It keeps its promises.' : paint('It does not keep its promises.', COLOURS.fail),
  ];
};

/** Why all of a row was skipped. */
const why = ({ result, skipped }: Row): string =>
  result === 'skipped' ? `: ${skipped[0]?.reason ?? 'nothing to check'}` : '';

const failureLines = ({ failures }: Row): string[] =>
  failures.flatMap(({ check, sent, expected, came }) => [
    `    ${check}`,
    `      sent      ${sent}`,
    `      expected  ${expected}`,
    `      came      ${came}`,
  ]);

/** What a passed row could not look at, once a reason. */
const sparedLines = (rows: readonly Row[], uncounted: readonly string[]): string[] => {
  const reasons = new Map<string, Set<string>>();
  for (const { promise, result, skipped } of rows) {
    if (result === 'skipped') continue;
    for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? new Set()).add(promise));
  }
  return [
    ...[...reasons].map(([reason, promises]) => `Not looked at in ${[...promises].join(', ')}: ${reason}.`),
    ...(uncounted.length > 0 ? [`Judged by answers alone, without \`effects\`: ${uncounted.join(', ')}.`] : []),
  ];
};

const HANG = ' '.repeat(16);
const NARROWEST = 60;

/** Long lines go on below, under where their words began. */
const wrapped = (lines: readonly string[], columns: number): string[] => {
  const width = Math.max(columns, NARROWEST);
  return lines.flatMap((line) => {
    const parts: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const space = rest.lastIndexOf(' ', width);
      const end = space > HANG.length ? space : width;
      parts.push(rest.slice(0, end));
      rest = HANG + rest.slice(end).trimStart();
    }
    return [...parts, rest];
  });
};
