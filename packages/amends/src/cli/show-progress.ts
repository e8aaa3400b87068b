import type { Screen } from './screen.ts';

const LINE_EVERY_MS = 5_000;
const REDRAW_EVERY_MS = 200;
/** What is too long for the terminal is cut. */
const NEEDED_COLUMNS = 60;

/** How far something is, in a line; `changes`: by which it is told whether anything has changed since the last one. */
export interface ProgressLine {
  readonly text: string;
  readonly changes: string;
}

export interface ProgressDisplay {
  /** A sentence that stays, above the line. */
  readonly say: (sentence: string) => void;
  readonly stop: () => void;
}

/** Shows progress until stopped: a line that is redrawn on a terminal, elsewhere a line now and then when something has changed. */
export const showProgress = (screen: Screen, read: () => ProgressLine): ProgressDisplay => {
  const redraws = screen.canRedraw(NEEDED_COLUMNS, 1);
  let last = '';
  const show = (): void => {
    const { text, changes } = read();
    if (redraws) return screen.redraw([text.slice(0, screen.columns)]);
    if (changes !== last) screen.line(text);
    last = changes;
  };
  const timer = setInterval(show, redraws ? REDRAW_EVERY_MS : LINE_EVERY_MS);
  return {
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
