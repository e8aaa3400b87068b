import { PROCESS_KINDS, type ProcessKind, type Report } from './measurement.ts';
import { groupsOf } from './table.ts';
import { VARIANT } from './variants.ts';

const WIDTH = 900;
const LABELS = 210;
const RIGHT = 70;
const BAR = 18;
const GAP = 6;
const GROUP_HEAD = 28;
const HEAD = 84;
const FOOT = 40;
const TICKS = 5;

/** Told apart also without colours: they stand in the order of the legend. */
const COLOUR: Readonly<Record<ProcessKind, string>> = {
  services: '#bdbdbd',
  'card provider': '#d9d9d9',
  PostgreSQL: '#969696',
  Temporal: '#9e6ebd',
  NATS: '#4fa36b',
  'way in': '#e0a030',
  workers: '#2f74b5',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const label = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;

/** CPU a saga by kind of process, a bar for each variant, in SVG. */
export const plotOf = ({ at, machine, results }: Report): string => {
  const most = Math.max(1, ...results.map(({ allMs }) => allMs.median));
  const scale = (WIDTH - LABELS - RIGHT) / (most * 1.05);
  const parts: string[] = [];
  let y = HEAD;
  for (const [title, of] of groupsOf(results)) {
    parts.push(label(10, y + 18, title, 'font-weight="bold"'));
    y += GROUP_HEAD;
    for (const { variant, cpuMs, allMs } of of) {
      parts.push(label(LABELS - 8, y + BAR - 5, VARIANT[variant].title, 'text-anchor="end"'));
      let x = LABELS;
      for (const kind of PROCESS_KINDS) {
        const width = cpuMs[kind].median * scale;
        parts.push(
          `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOUR[kind]}"><title>${kind}: ${cpuMs[kind].median.toFixed(1)} ms</title></rect>`,
        );
        x += width;
      }
      parts.push(label(x + 5, y + BAR - 5, allMs.median.toFixed(0)));
      y += BAR + GAP;
    }
  }
  const step = stepOf(most);
  const axis = Array.from({ length: Math.floor((most * 1.05) / step) + 1 }, (_, n) => {
    const x = (LABELS + n * step * scale).toFixed(1);
    const line = `<line x1="${x}" y1="${HEAD}" x2="${x}" y2="${y}" stroke="#e5e5e5"/>`;
    return line + label(Number(x), y + 14, String(n * step), 'text-anchor="middle"');
  });
  const legend = PROCESS_KINDS.map((kind, n) => {
    const x = 10 + n * 124;
    return `<rect x="${x}" y="52" width="12" height="12" fill="${COLOUR[kind]}"/>${label(x + 17, 62, kind)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + FOOT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>CPU a saga, in milliseconds, by process</title>`,
    `<rect width="${WIDTH}" height="${y + FOOT}" fill="white"/>`,
    label(10, 22, 'CPU a saga, in milliseconds, by process (medians)', 'font-size="16" font-weight="bold"'),
    label(10, 40, `${at.slice(0, 10)}, ${machine}`, 'fill="#555"'),
    ...legend,
    ...axis,
    ...parts,
    label((LABELS + WIDTH - RIGHT) / 2, y + 32, 'milliseconds of CPU', 'text-anchor="middle" fill="#555"'),
    '</svg>',
    '',
  ].join('\n');
};

/** 1, 2 or 5 times a power of ten, so that there are about five lines. */
const stepOf = (most: number): number => {
  const power = 10 ** Math.floor(Math.log10(most / TICKS));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => most / step <= TICKS) ?? power * 10;
};
