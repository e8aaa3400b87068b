import { gatherEvidence } from '../checks/gather-evidence.ts';
import { checkAll } from '../checks/check-all.ts';
import { inParallel } from 'amends';
import type { SystemUrls } from 'amends/local';
import type { Screen } from 'amends';
import type { ShopClient } from '../shop-client.ts';
import { paint } from './paint.ts';
import { followScenes, untouched } from './follow-scenes.ts';
import { wrongEnd, type SceneState } from './scene-state.ts';
import { demoScenes, demoShelf, type Scene } from './scene.ts';
import { tableChanges, tableText, tableWidth } from './steps-table.ts';
import { summaryText } from './summary.ts';

const PARALLEL = 6;
/** Title, rules, steps, saga and order. */
const TABLE_HEIGHT = 14;

/**
 * Puts goods on the shelf, places the six orders, shows them until they end, and prints the summary. Answers whether each ended
 * as it must, and goods and money agree. An aborted `signal` ends it, without a summary: it rejects.
 */
export const play = async (
  client: ShopClient,
  { screen, urls, signal }: { screen: Screen; urls: SystemUrls; signal: AbortSignal },
): Promise<boolean> => {
  const began = new Date();
  const run = `demo-${began.getTime().toString(36)}`;
  const scenes = demoScenes(run);
  const shelf = demoShelf(run);
  for (const [sku, available] of shelf) await client.putStock(sku, available);
  await inParallel(scenes, PARALLEL, ({ order }) => client.placeOrder(order));
  signal.throwIfAborted();
  screen.line('\nSix orders are placed:');
  for (const { name, story } of scenes) screen.line(`  ${name}: ${story}`);
  screen.line();

  const states = await followScenes(client, scenes, { show: createShow(screen, scenes, began), signal });
  screen.keep();
  signal.throwIfAborted();
  summaryText(states, urls).forEach((text) => screen.line(text));

  const orders = scenes.map(({ order }) => order);
  const evidence = await gatherEvidence(client, orders, { initial: shelf, since: began, parallel: PARALLEL });
  const findings = checkAll(evidence);
  const wrong = states.filter((state) => wrongEnd(state) !== undefined);
  screen.line();
  for (const finding of findings) screen.line(`OFF  ${finding}`);
  if (wrong.length > 0) screen.line(`${wrong.length} of ${scenes.length} orders did not end as they must.`);
  if (wrong.length > 0 || findings.length > 0) return false;
  screen.line('All six ended as they must: goods and money agree to the piece and the cent.');
  return true;
};

/** The table in place where the terminal is large enough, else a line for each change. */
const createShow = (
  screen: Screen,
  scenes: readonly Scene[],
  began: Date,
): ((states: readonly SceneState[]) => void) => {
  let before: readonly SceneState[] = scenes.map(untouched);
  return (states) => {
    if (screen.canRedraw(tableWidth(states.length), TABLE_HEIGHT)) {
      screen.redraw(tableText(states, screen.colours ? paint : undefined));
    } else {
      const seconds = ((Date.now() - began.getTime()) / 1000).toFixed(1).padStart(6);
      for (const change of tableChanges(before, states)) screen.line(`${seconds} s  ${change}`);
    }
    before = states;
  };
};
