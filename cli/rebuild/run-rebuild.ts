import { problemWords } from '@amends/contracts';
import { readBeginning } from '@amends/runtime';
import { RebuildNews } from '../../contracts/rebuild.ts';
import { calledUrls, findRunning } from 'amends/local';
import type { SystemConfig } from '@amends/runtime';
import { CliStop } from 'amends';
import type { Screen } from 'amends';
import { linesOf } from './lines-of.ts';

const LINE_EVERY_MS = 5_000;
/** A line of progress; what is too long for the terminal is cut. */
const NEEDED_COLUMNS = 50;
/** Of an answer that says no. */
const ANSWER_MAX_BYTES = 64_000;

/**
 * Lets the orders service make what it shows of orders anew, and tells how it goes.
 *
 * @throws CliStop when it cannot begin, or does not come to its end; then orders are shown as before
 */
export const runRebuild = async ({
  config,
  screen,
}: {
  readonly config: SystemConfig;
  readonly screen: Screen;
}): Promise<boolean> => {
  const running = await findRunning(config, { say: screen.line });
  const { orders = '' } = (running ?? calledUrls(config)).services;
  const url = `${orders.replace(/\/$/, '')}/read-side/rebuild`;
  const body = await begin(url, config.SERVICE_TOKEN);
  const show = progressOn(screen);
  try {
    for await (const line of linesOf(body)) {
      const news = RebuildNews.parse(JSON.parse(line));
      if (news.is === 'failed') throw new CliStop(`The rebuild failed, and orders are shown as before: ${news.why}`);
      show(textOf(news));
      if (news.is !== 'done') continue;
      screen.erase();
      figuresOf(news).forEach((figure) => screen.line(figure));
      return true;
    }
  } catch (error) {
    if (error instanceof CliStop) throw error;
    throw wentAway(url, error);
  }
  throw wentAway(url);
};

const begin = async (url: string, token: string | undefined): Promise<AsyncIterable<Uint8Array>> => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, redirect: 'error' }).catch((error: unknown) => {
    throw new CliStop(`The orders service does not answer at ${url}. Start the system with: npm start`, {
      cause: error,
    });
  });
  if (response.ok && response.body !== null) return response.body;
  const { text } = await readBeginning(response, ANSWER_MAX_BYTES);
  throw new CliStop(`The orders service does not rebuild: ${response.status} ${problemWords(text)}`);
};

const wentAway = (url: string, cause?: unknown): CliStop =>
  new CliStop(
    `The orders service at ${url} went away in the middle. Orders are shown as before; run it again.`,
    cause === undefined ? {} : { cause },
  );

const progressOn = (screen: Screen): ((text: string) => void) => {
  const redraws = screen.canRedraw(NEEDED_COLUMNS, 1);
  let shownAt = 0;
  return (text) => {
    if (redraws) return screen.redraw([text.slice(0, screen.columns)]);
    if (Date.now() - shownAt < LINE_EVERY_MS) return undefined;
    shownAt = Date.now();
    screen.line(text);
  };
};

type Told = Exclude<RebuildNews, { is: 'failed' }>;

const textOf = (news: Told): string => {
  if (news.is === 'reading') return `${news.done} of ${news.of} events read`;
  return news.is === 'keeping' ? `${news.done} events taken over that the stream does not hold` : 'done';
};

const figuresOf = ({ events, orders, kept, changed }: Extract<Told, { is: 'done' }>): readonly string[] => [
  `${orders} orders are shown from ${events} events of the stream` +
    (kept > 0 ? `, and from ${kept} that it does not hold (any more).` : '.'),
  changed === 0 ? 'All are as they were.' : `${changed} were not as they should be, and are now.`,
];
