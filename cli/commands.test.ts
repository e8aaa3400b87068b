import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSystem, type System } from '../packages/amends/src/local/index.ts';
import { newRun } from '../packages/amends/src/local/state/run-file.ts';
import { systemUrls } from '../packages/amends/src/local/system-urls.ts';
import { inheritedEnvironment, type SystemConfig } from '../packages/runtime/src/config.ts';
import { play } from './demo/play.ts';
import { runImport } from './import/run-import.ts';
import { runRebuild } from './rebuild/run-rebuild.ts';
import { createScreen } from '../packages/amends/src/cli/screen.ts';
import { ownPorts, ownState } from '../testing/own-system.ts';
import { shopConfig } from '../testing/the-shop.ts';
import { createShopClient } from './shop-client.ts';

const START_TIMEOUT_MS = 180_000;
const TEST_TIMEOUT_MS = 120_000;

/** Two fine invoices (one with a SKU twice), one that asks for more than there is, one to nowhere, one of nobody, one taken back. */
const DAY = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,"HOLDER, WHITE",2,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,85123A,"HOLDER, WHITE",1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850.0,United Kingdom
536366,71053,LANTERN,1,2010-12-01 08:28:00,0.29,12583.0,EIRE
536367,71053,LANTERN,999,2010-12-01 08:34:00,3.39,13047.0,France
536368,71053,LANTERN,1,2010-12-01 08:35:00,3.39,13047.0,Unspecified
536369,71053,LANTERN,1,2010-12-01 08:36:00,3.39,,France
C536370,71053,LANTERN,-500,2010-12-01 09:00:00,3.39,13047.0,France
`;

let state = '';
let config: SystemConfig;
let system: System | undefined;

const configOnFreePorts = async (): Promise<SystemConfig> =>
  shopConfig({ AMENDS_STATE_DIR: state, ...(await ownPorts()) });

beforeAll(async () => {
  state = await ownState();
  config = await configOnFreePorts();
  system = await startSystem(config, { progress: 'quiet' });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await system?.close();
  await rm(state, { recursive: true, force: true });
});

/** What a command answers and prints where nothing can be redrawn. */
const run = async (command: (screen: ReturnType<typeof createScreen>) => Promise<boolean>) => {
  const written: string[] = [];
  const right = await command(createScreen({ write: (text) => written.push(text) }));
  return { right, text: written.join('') };
};
const importDay = async (csv: string, changes: Partial<SystemConfig> = {}) => {
  const file = join(state, 'day.csv');
  await writeFile(file, csv);
  const options = { stock: 10, parallel: 4, patience: 60 };
  return run((screen) => runImport(file, options, { config: { ...config, ...changes }, screen }));
};
const figures = (text: string): string[] => text.split('\n').map((line) => line.trim().replace(/\s+/, ' '));

describe('npm run import, on the whole system', () => {
  it(
    'places the usable invoices, follows them to their end, and finds that orders, goods and money agree',
    async () => {
      const { right, text } = await importDay(DAY);
      expect(figures(text)).toEqual(
        expect.arrayContaining([
          '6 invoices, of which',
          '3 are orders',
          '1 not used: country without an ISO code',
          '1 not used: without customer',
          '3 placed',
          '2 orders confirmed',
          '2 sagas completed',
          '20 pieces at first',
          '16 available',
          '4 shipped',
          '7.94 GBP cost the confirmed orders',
          '7.94 GBP were captured for these orders',
          "0.00 GBP is the ledger's sum",
          'Everything agrees.',
        ]),
      );
      // the third is out of stock, or cancelled first: both came at the same moment
      expect(text).toMatch(/1 {2}orders (rejected \(out-of-stock\)|cancelled)/);
      expect(right).toBe(true);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'finds everything already there the second time, and changes nothing',
    async () => {
      const { right, text } = await importDay(DAY);
      expect(figures(text)).toEqual(
        expect.arrayContaining([
          '0 placed',
          '3 already there',
          '2 SKUs already there',
          '2 orders confirmed',
          '4 shipped',
          'Everything agrees.',
        ]),
      );
      expect(right).toBe(true);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'says so, and fails, when an invoice is there with other content',
    async () => {
      const { right, text } = await importDay(DAY.replace('0.29', '0.30'));
      expect(right).toBe(false);
      expect(text).toContain('OFF  order 536366: another order of that id, with other content, was there before');
      expect(text).toContain('1 thing is off.');
    },
    TEST_TIMEOUT_MS,
  );

  it('places nothing of a file that is none, and says why', async () => {
    await expect(importDay('a,b\n1,2\n')).rejects.toThrow(
      /day\.csv cannot be imported: line 1 must name .* Nothing was placed/,
    );
  });

  it('names every part that does not answer, and the command that starts them', async () => {
    const elsewhere = { ...(await configOnFreePorts()), AMENDS_STATE_DIR: join(state, 'none') };
    await expect(importDay(DAY, elsewhere)).rejects.toThrow(/api at .*does not answer[^]*shipping at [^]*npm start/);
  });
});

describe('npm run rebuild', () => {
  it(
    'E6: makes what orders are shown by anew while the system runs, twice, and nothing changes',
    async () => {
      for (const round of [1, 2]) {
        const { right, text } = await run((screen) => runRebuild({ config, screen }));
        expect({ round, right, text }).toMatchObject({
          right: true,
          text: expect.stringContaining('All are as they were.'),
        });
        expect(text).toMatch(/\d+ orders are shown from \d+ events of the stream\./);
      }
    },
    TEST_TIMEOUT_MS,
  );

  it('says in a sentence that nobody is there to ask', async () => {
    const nowhere = shopConfig({ AMENDS_STATE_DIR: join(state, 'nothing'), ORDERS_URL: 'http://127.0.0.1:1' });
    await expect(run((screen) => runRebuild({ config: nowhere, screen }))).rejects.toThrow(
      'The orders service does not answer at http://127.0.0.1:1/read-side/rebuild. Start the system with: npm start',
    );
  });
});

/** The command itself, as another process. */
const shop = (args: readonly string[], variables: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/shop.ts', ...args], {
    env: { ...inheritedEnvironment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  return { child, exited: once(child, 'exit').then(([code]) => code as number | null), output: () => output };
};

describe('npm run demo, on the whole system', () => {
  it(
    'Ctrl-C while it plays says Stopped, judges nothing, and leaves the system of another start alone',
    async () => {
      const demo = shop(['demo'], { AMENDS_STATE_DIR: state });
      await vi.waitFor(() => expect(demo.output()).toContain('Six orders are placed'), { timeout: 30_000 });
      demo.child.kill('SIGINT');
      expect(await demo.exited).toBe(130);
      expect(demo.output()).toMatch(/Stopping …\nStopped\.\n$/);
      expect(demo.output()).not.toContain('WRONG');
      expect((await fetch(`${system?.urls.api}/readyz`)).status).toBe(200);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'says what is missing of a system that another start runs, instead of starting a second one',
    async () => {
      const partly = join(state, 'partly');
      await mkdir(partly);
      const { services, ...others } = systemUrls(config);
      const urls = { ...others, services: { ...services, shipping: 'http://127.0.0.1:1' } };
      await writeFile(join(partly, 'run.json'), JSON.stringify({ ...newRun(urls), ready: true }));
      const demo = shop(['demo'], { AMENDS_STATE_DIR: partly });
      expect(await demo.exited).toBe(1);
      expect(demo.output()).toMatch(
        /^The system runs, but not all of it answers[^]*\n {2}shipping at http:.*does not answer/,
      );
      expect(demo.output()).not.toContain('api at');
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'plays six orders that end as they must, each with a link to its story',
    async () => {
      if (!system) throw new Error('no system');
      const { urls } = system;
      const { signal } = new AbortController();
      const { right, text } = await run((screen) => play(createShopClient(urls), { screen, urls, signal }));
      expect(text).toContain('All six ended as they must');
      expect(text.match(/^as it must/gm)).toHaveLength(6);
      expect(text.match(/\/namespaces\/default\/workflows\/fulfilOrder%3Ademo-/g)).toHaveLength(6);
      expect(right).toBe(true);

      const idOf = (name: string): string => new RegExp(`demo-[0-9a-z]+-${name}`).exec(text)?.[0] ?? '';
      const client = createShopClient(urls);
      expect(await client.cancelOrder(idOf('cancelled'), 'again')).toBe('already cancelled');
      expect(await client.cancelOrder(idOf('fine'), 'again')).toBe('too late');
    },
    TEST_TIMEOUT_MS,
  );
});
