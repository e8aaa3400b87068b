import type { OrderStatus } from '../../contracts/orders.ts';
import type { Screen } from '../screen.ts';
import type { Tally } from '../tally.ts';

export interface Progress {
  readonly total: number;
  readonly placed: number;
  readonly ended: Tally<OrderStatus>;
  readonly seconds: number;
}

const BAR_WIDTH = 20;
const LINE_EVERY_MS = 5_000;
const REDRAW_EVERY_MS = 200;
/** Bar and counts; what is too long for the terminal is cut. */
const NEEDED_COLUMNS = 60;

/** `[#########.....]  97 of 121 orders ended, 121 placed, 12 s: confirmed 96, rejected 1`. */
export const progressText = ({ total, placed, ended, seconds }: Progress): string => {
  const filled = total === 0 ? BAR_WIDTH : Math.floor((BAR_WIDTH * ended.total) / total);
  const statuses = ended.entries().map(([status, count]) => `${status} ${count}`);
  return (
    `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${ended.total} of ${total} orders ended, ` +
    `${placed} placed, ${Math.floor(seconds)} s${statuses.length > 0 ? `: ${statuses.join(', ')}` : ''}`
  );
};

/** Shows progress until stopped: a bar on a terminal, elsewhere a line now and then when something has changed. */
export const showProgress = (
  screen: Screen,
  read: () => Progress,
): { readonly say: (sentence: string) => void; readonly stop: () => void } => {
  const redraws = screen.canRedraw(NEEDED_COLUMNS, 1);
  let last = '';
  const show = (): void => {
    const progress = read();
    const text = progressText(progress);
    if (redraws) return screen.redraw([text.slice(0, screen.columns)]);
    const change = `${progress.placed} ${progress.ended.total}`;
    if (change !== last) screen.line(text);
    last = change;
  };
  const timer = setInterval(show, redraws ? REDRAW_EVERY_MS : LINE_EVERY_MS);
  return {
    /** A sentence that stays, above the bar. */
    say: (sentence) => {
      screen.erase();
      screen.line(sentence);
      if (redraws) show();
    },
    stop: () => {
      clearInterval(timer);
      show();
      screen.keep();
    },
  };
};
