// `npm run crash`, optionally `-- --kills 1000 --seed 7`
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { buildProcesses, stopCompiler } from '../packages/amends/src/local/build/build.ts';
import { guardFile, startGuard } from '../packages/amends/src/local/processes/guard.ts';
import { crashTable, figuresOf, wrongOf } from './crash/crash-table.ts';
import { CRASHING_PROCESSES } from './crash/process-to-crash.ts';
import { proveByCrash } from './crash/prove-by-crash.ts';
import { serverFolder, startTestPostgres } from '../packages/testing/src/servers/servers.ts';
import { SHOP_SERVICES, type ShopService } from './shop.ts';

const KILLS = 330;
const SEEDS = 1_000_000;
const SAY_EVERY = 25;

const wholeNumber = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is no whole number of up to six digits.');
  return Number(text);
};

const {
  kills,
  seed = Math.floor(Math.random() * SEEDS),
  service,
} = new Command('npm run crash --')
  .description(
    'Kills the five services at every point between receiving and answering, and the card provider while it is asked, cuts database connections at COMMIT, and looks in the tables for what is doubled or lost.',
  )
  .option(
    '--kills <number>',
    'how often a service is killed; a tenth as often the card provider is, and a third as many connections are cut',
    wholeNumber,
    KILLS,
  )
  .addOption(new Option('--service <name>', 'only this one').choices(SHOP_SERVICES))
  .option('--seed <number>', 'chooses the order, and who asks what afterwards; printed', wholeNumber)
  .parse()
  .opts<{ kills: number; seed?: number; service?: ShopService }>();

console.log(`the proof by crash, seed ${seed}`);
const began = performance.now();
const { folder, remove } = await serverFolder();
const build = await buildProcesses(CRASHING_PROCESSES);
const guard = startGuard(await guardFile(), join(folder, 'guard.log'));
await stopCompiler();
const postgres = await startTestPostgres(folder);
const { identity, name, stopSignal, stop } = postgres.child;
guard.watch([{ ...identity, name, stopSignal, stage: 'servers' }]);
try {
  const onTried = (over: number, all: number): void => {
    if (over % SAY_EVERY === 0) console.log(`${over} of ${all}`);
  };
  const asked = { kills, seed, ...(service !== undefined && { services: [service] }) };
  const { tried, wrong } = await proveByCrash({ ...asked, postgresUrl: postgres.address, build, onTried });
  const said = [...wrongOf(tried), ...wrong];
  const figures = figuresOf(tried);
  console.log(crashTable(tried));
  for (const words of said) console.log(words);
  console.log(
    `${figures.kills} kills of a service, ${figures.providerKills} of the card provider, ${figures.cuts} connections cut: ${figures.doubled} doubled, ${figures.lost} lost, in ${Math.round((performance.now() - began) / 1_000)} s`,
  );
  process.exitCode = said.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`It could not be played: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await stop();
  await guard.dismiss();
  await remove();
}
