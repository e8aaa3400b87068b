import { blowsOn, nameOfBlow } from './blows.ts';
import { OPS, PATHS } from './paths.ts';
import type { Tried } from './prove-by-crash.ts';
import { SUBJECTS } from './subjects.ts';

/** What came of all trials, counted. `kills`: of a service; of the card provider they are `providerKills`. */
export const figuresOf = (tried: readonly Tried[]) => {
  const struck = (what: string) => tried.filter(({ trial }) => trial.blow.strikes === what).length;
  return {
    kills: struck('service'),
    providerKills: struck('provider'),
    cuts: struck('connection'),
    doubled: tried.filter(({ doubled }) => doubled.length > 0).length,
    lost: tried.filter(({ lost }) => lost.length > 0).length,
  };
};

/** Blow × op, as a text to print: how many trials, and how many of them doubled or lost something. */
export const crashTable = (tried: readonly Tried[]): string => {
  const blows = inOrder().filter((blow) => tried.some(({ trial }) => nameOfBlow(trial.blow) === blow));
  const cell = (blow: string, op: string): string => {
    const those = tried.filter(({ trial }) => nameOfBlow(trial.blow) === blow && trial.op === op);
    const { doubled, lost } = figuresOf(those);
    if (doubled + lost > 0) return `${those.length}: ${doubled} doubled, ${lost} lost`;
    return those.length === 0 ? '' : String(those.length);
  };
  const lines = [['', ...OPS], ...blows.map((blow) => [blow, ...OPS.map((op) => cell(blow, op))])];
  const widths = ['', ...OPS].map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const padded = (line: readonly string[]) => line.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ');
  return lines.map((line) => padded(line).trimEnd()).join('\n');
};

/** Every blow, in the order in which a request comes there. */
const inOrder = (): readonly string[] => {
  const paths = OPS.flatMap((op) => SUBJECTS.map((subject) => PATHS[op](subject) ?? []));
  return [...new Set(paths.flatMap(blowsOn).map(nameOfBlow))];
};

/** What is wrong with each trial, a line each. */
export const wrongOf = (tried: readonly Tried[]): readonly string[] =>
  tried.flatMap(({ trial, doubled, lost }) =>
    [...doubled, ...lost].map(
      (words) => `${trial.name} (${trial.subject.service} ${trial.subject.action}, then ${trial.remedy}): ${words}`,
    ),
  );
