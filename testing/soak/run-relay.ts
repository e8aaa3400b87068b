// `npm run soak:relay -- --events 50000`: what a backlog does to the memory of a relay, on a PostgreSQL and a NATS of its own.
import { parseArgs } from 'node:util';
import { killGroup } from '../../packages/amends/src/local/processes/child.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createPool } from '../../packages/participant/src/database/postgres.ts';
import { migrateOutbox } from '../../packages/events/src/outbox/index.ts';
import { serverFolder, startTestNats, startTestPostgres } from '../../packages/testing/src/servers/servers.ts';
import { measureBacklog, megabytes } from './relay-backlog.ts';

const AWAY_MS = 30_000;
const DATA_BYTES = 2_000;

const { values } = parseArgs({ options: { events: { type: 'string', default: '50000' } } });
const events = Number(values.events);
if (!Number.isSafeInteger(events) || events < 1) {
  console.error(`--events must be a whole number above zero, not '${values.events}'.`);
  process.exit(1);
}

const quiet = (): void => undefined;
const { folder, remove } = await serverFolder();
const postgres = await startTestPostgres(folder);
const nats = await startTestNats(folder, quiet);
const stop: { stop: () => Promise<void> }[] = [postgres.child];
try {
  killGroup(nats.child.identity);
  await nats.child.ended;
  const pool = createPool(postgres.address, createLog('soak', 'error'));
  stop.unshift({ stop: () => pool.end() });
  await migrateOutbox(pool);
  const come = async (): Promise<void> => {
    const again = await startTestNats(folder, quiet, Number(new URL(nats.address).port));
    stop.push(again.child);
  };
  const target = { args: [nats.address], come };
  const figures = await measureBacklog({
    pool,
    databaseUrl: postgres.address,
    target,
    events,
    bytes: DATA_BYTES,
    awayMs: AWAY_MS,
    say: console.log,
  });
  const seconds = figures.drainedInMs / 1_000;
  console.log(
    `it went out in ${seconds.toFixed(1)} s (${Math.round(events / seconds)} a second) with ${megabytes(figures.draining)} MB at most; counting it once took ${figures.countedInMs.toFixed(0)} ms`,
  );
} finally {
  for (const one of stop) await one.stop();
  await remove();
}
process.exit();
