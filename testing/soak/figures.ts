import { STRUCK } from './plan-strikes.ts';
import type { Plan } from './plan.ts';
import type { SoakResult } from './soak.ts';

const SHOWN_MAX = 20;

const tooLate = ({ cancels }: SoakResult['book'], { late }: SoakResult['world']): number =>
  [...cancels].filter(([id, told]) => told.late || late.has(id)).length;

/** What a soak has done and found, as a table to print; below it a sentence for each violation, the first 20. */
export const figuresOf = (
  { events, seed }: Plan,
  { book, world, strikes, violations, seconds }: SoakResult,
): string[] => {
  const { sent, again, early, refused, repeats } = book.counts;
  const sagas = [...world.sagas.values()];
  const ended = (end: string): number => sagas.filter((saga) => saga.end === end).length;
  const rows: (readonly [string, string | number])[] = [
    ['events sent', `${sent} of ${events}`],
    ['  of these sent before', again],
    ['  sent before what they belong to', early],
    ['  poison by the broker', book.letters.size],
    ['  poison over HTTP, and told', refused],
    ['repeats, since nobody had taken it', repeats],
    ['sagas that must be', book.sagas.size],
    ['sagas found', sagas.length],
    ['  completed', ended('completed')],
    ['  compensated', ended('compensated')],
    ['  cancelled', ended('cancelled')],
    ['  waiting for a person', ended('open')],
    ['  of these begun by what came early', sagas.filter(({ bornEarly }) => bornEarly).length],
    ['dead letters found', world.letters.length],
    ['cancels', book.cancels.size],
    ['  that came too late', tooLate(book, world)],
    ...STRUCK.map((part) => [`${part} killed`, strikes.filter((one) => one.part === part).length] as const),
    ['seconds', Math.round(seconds * 10) / 10],
    ['events a second', Math.round((sent / seconds) * 10) / 10],
    ['seed', seed],
    ['violations', violations.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...strikes.map(
      ({ part, sent: at, inHand, awayMs }) =>
        `${part} killed at event ${at}, with ${inHand}; ready again after ${awayMs / 1_000} s`,
    ),
    '',
    ...rows.map(([name, figure]) => `${name.padEnd(width)}  ${figure}`),
    ...(violations.length > 0 ? ['', ...violations.slice(0, SHOWN_MAX).map((sentence) => `✗ ${sentence}`)] : []),
    ...(violations.length > SHOWN_MAX ? [`… and ${violations.length - SHOWN_MAX} more`] : []),
  ];
};
