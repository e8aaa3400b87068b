// `npm run soak:events`, optionally `-- --events 10000 --seed 7`
import { Command } from 'commander';
import { showProgress } from '../../packages/amends/src/cli/show-progress.ts';
import { wholeNumber } from '../../packages/amends/src/cli/whole-number.ts';
import { onOwnShop } from './command.ts';
import { figuresOf } from './figures.ts';
import { makePlan } from './plan.ts';
import { soak, type SoakState } from './soak.ts';

const EVENTS = { least: 100, most: 1_000_000, default: 10_000 };
const SEEDS = 1_000_000_000;

const { events, seed = Math.floor(Math.random() * SEEDS) } = new Command('npm run soak:events --')
  .description(
    'Sends events into a whole system of its own, by every way in: a tenth of them twice, some out of order, some of no use. ' +
      'Meanwhile the broker, the orders service with its relay, the API and the Temporal server are killed in the middle of their ' +
      'work, again and again. Then it judges from Temporal, the streams and the databases: every good event has exactly one saga, ' +
      'every useless one exactly one dead letter, and there is nothing else.',
  )
  .option('--events <number>', 'how many are sent', wholeNumber(EVENTS.least, EVENTS.most), EVENTS.default)
  .option(
    '--seed <number>',
    'makes the events, their order and the moments of the kills; printed',
    wholeNumber(0, SEEDS),
  )
  .addHelpText(
    'after',
    `
The system has free ports and a temporary folder of its own, which are gone in
the end; Ctrl-C ends it in order. 10,000 events take ten minutes or more.

Exit code: 0 when all is as it must be; 1 otherwise, with a sentence for each
thing that is not, the first 20; 130 after Ctrl-C.

Example:
  npm run soak:events -- --events 1000 --seed 7`,
  )
  .parse()
  .opts<{ events: number; seed?: number }>();

await onOwnShop(async ({ shop, screen, signal }) => {
  const plan = makePlan({ events, seed });
  screen.line(`${events} events, seed ${seed}, ${plan.strikes.length} kills`);
  let look: (() => SoakState) | undefined;
  const begun = Date.now();
  const progress = showProgress(screen, () => {
    if (look === undefined) return { text: 'shelves are filled', changes: '' };
    const { sent, onItsWay, strikes, phase } = look();
    const counts = `${phase}: ${sent} of ${events} sent, ${onItsWay} on their way, ${strikes.length} kills`;
    return { text: `${counts}, ${Math.floor((Date.now() - begun) / 1_000)} s`, changes: counts };
  });
  const result = await soak(shop, plan, { signal, watch: (at) => (look = at) }).finally(progress.stop);
  for (const line of figuresOf(plan, result)) screen.line(line);
  return result.violations.length === 0;
});
