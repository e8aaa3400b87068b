// `npm run soak:backpressure`, optionally `-- --events 50000 --seed 7`
import { Command } from 'commander';
import { showProgress } from '../../packages/amends/src/cli/show-progress.ts';
import { flood, type FloodState } from './backpressure.ts';
import { wholeNumber } from '../../packages/amends/src/cli/whole-number.ts';
import { onOwnShop } from './command.ts';

const EVENTS = { least: 1_000, most: 1_000_000, default: 50_000 };
const SEEDS = 1_000_000_000;
const WARM_AFTER = { most: 5_000, share: 0.1 };
/** Were every event kept, it would be a hundred and more. */
const KEPT_MAX_MIB = 32;
/** Node collects the garbage of so little memory seldom: what lies about meanwhile. */
const PEAK_MAX_MIB = 128;
/** How long is watched once all have been sent. */
const WATCH_MS = 60_000;
const SHOWN_MAX = 20;

const { events, seed = Math.floor(Math.random() * SEEDS) } = new Command('npm run soak:backpressure --')
  .description(
    'Sends events into a whole system of its own whose workers are frozen, so that all of them wait, and watches the memory of the API and of the orders ' +
      'service with its relay: from when the first tenth (at most 5,000) had been sent, it must stay flat.',
  )
  .option('--events <number>', 'how many are sent', wholeNumber(EVENTS.least, EVENTS.most), EVENTS.default)
  .option('--seed <number>', 'makes the events; printed', wholeNumber(0, SEEDS))
  .addHelpText(
    'after',
    `
The system has free ports and a temporary folder of its own, which are gone in
the end; Ctrl-C ends it in order. Linux only: memory is read from /proc.

Exit code: 0 when every event waits, at the broker or as a saga, and neither
process has kept more than ${KEPT_MAX_MIB} MiB of them, nor ever had more than
${PEAK_MAX_MIB} MiB more; 1 otherwise; 130 after Ctrl-C.`,
  )
  .parse()
  .opts<{ events: number; seed?: number }>();

const rounded = (mib: number | undefined): string => (mib === undefined ? '?' : mib.toFixed(1));

await onOwnShop(async ({ shop, screen, signal }) => {
  const warmAfter = Math.min(WARM_AFTER.most, Math.floor(events * WARM_AFTER.share));
  screen.line(`${events} events, seed ${seed}, no workers`);
  let look: (() => FloodState) | undefined;
  const progress = showProgress(screen, () => {
    const { sent, started, waiting, mib } = look?.() ?? { sent: 0, started: 0, waiting: 0, mib: {} };
    const counts = `${sent} of ${events} sent, ${waiting} wait at the broker, ${started} as sagas`;
    return { text: `${counts}, API ${rounded(mib.api)} MiB, orders ${rounded(mib.orders)} MiB`, changes: counts };
  });
  const options = { events, seed, warmAfter, watchMs: WATCH_MS };
  const result = await flood(shop, options, { signal, watch: (at) => (look = at) }).finally(progress.stop);

  const { sent, started, waiting, seconds, growth, wrong } = result;
  screen.line(`${sent} events sent; after ${seconds.toFixed(1)} s ${waiting} wait at the broker, ${started} as sagas`);
  for (const [part, of] of Object.entries(growth)) {
    const words =
      of === null
        ? 'too few samples'
        : `${rounded(of.before)} MiB after ${warmAfter} events, at most ${rounded(of.peak)} MiB later, ${rounded(of.after)} MiB in the end`;
    screen.line(`${part}: ${words}`);
  }
  const isFlat = Object.values(growth).every(
    (of) => of !== null && of.after - of.before <= KEPT_MAX_MIB && of.peak - of.before <= PEAK_MAX_MIB,
  );
  const lost = events - started - waiting;
  const wrongs = [
    ...wrong,
    ...(isFlat ? [] : [`more than ${KEPT_MAX_MIB} MiB were kept, or there were more than ${PEAK_MAX_MIB} MiB more`]),
    ...(lost > 0 ? [`${lost} events are nowhere`] : []),
  ];
  for (const sentence of wrongs.slice(0, SHOWN_MAX)) screen.line(`✗ ${sentence}`);
  return wrongs.length === 0;
});
