import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { migrateParticipant } from '../../packages/participant/src/index.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { createPool } from '../../packages/participant/src/database/postgres.ts';
import { freshDatabase } from '../../packages/testing/src/servers/database.ts';
import { migrateService } from '../../packages/participant/src/service/migrate.ts';
import { migrationsFolder } from '../../packages/participant/src/service/migrations-folder.ts';

const root = process.cwd();

/** Runs a program until it ends, or until it says that it is ready and what is to be done then is done; ends it with SIGTERM. */
const run = async (
  args: string[],
  { env = {}, cwd = root, ready }: { env?: Record<string, string>; cwd?: string; ready?: () => Promise<void> },
) => {
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env['PATH'], ...env } });
  const ended = once(child, 'close') as Promise<[number | null]>;
  let output = '';
  const isReady = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('"msg":"ready"')) resolve();
      });
    }
  });
  try {
    await Promise.race([isReady, ended]);
    if (ready && child.exitCode === null) await ready();
  } finally {
    child.kill('SIGTERM');
  }
  const [code] = await ended;
  return { code, output };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

it('E6: the orders service starts and takes orders while the broker is away, and ends in order', async () => {
  const database = await freshDatabase();
  const port = await freePort();
  const { code, output } = await run(['--import', 'tsx', 'services/orders/main.ts'], {
    env: { DATABASE_URL: database.url, NATS_URL: 'nats://127.0.0.1:1', ORDERS_PORT: String(port) },
    ready: async () => {
      const orders = `http://127.0.0.1:${port}`;
      expect((await fetch(`${orders}/readyz`)).status).toBe(200);
      const placed = await fetch(`${orders}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(exampleOrder),
      });
      expect([placed.status, await placed.json()]).toEqual([201, { orderId: 'o-1', status: 'placed' }]);
    },
  });
  expect({ code, output }).toMatchObject({ code: 0 });
  const pool = createPool(database.url, createLog('test', 'silent'));
  const { rows } = await pool.query('select type, key from outbox');
  expect(rows).toEqual([{ type: 'shop.order.placed.v1', key: 'o-1' }]);
  await pool.end();
  await database.drop();
});

it.each([
  ['loopback', '127.0.0.1', 403],
  ['every address', '0.0.0.0', 200],
])('who may: a service that listens on %s (%s) answers a web page with %i', async (_, host, status) => {
  const database = await freshDatabase();
  const port = await freePort();
  const { code, output } = await run(['--import', 'tsx', 'services/notifications/main.ts'], {
    env: { DATABASE_URL: database.url, HOST: host, NOTIFICATIONS_PORT: String(port) },
    ready: async () => {
      const headers = { 'sec-fetch-site': 'cross-site' };
      const answer = await fetch(`http://127.0.0.1:${port}/notifications?orderId=o-1`, { headers });
      expect(answer.status).toBe(status);
    },
  });
  expect({ code, output }).toMatchObject({ code: 0 });
  await database.drop();
});

it('P11: a service forgets operations of sagas past the limit by itself, as often as AMENDS_TIMES says', async () => {
  const database = await freshDatabase();
  const pool = createPool(database.url, createLog('test', 'silent'), 1);
  await migrateParticipant(pool);
  const forgets = async (saga: string): Promise<void> => {
    await pool.query(
      `insert into saga_seals (saga, saga_started_at) values ($1, now() - interval '91 days'), ($2, now())`,
      [saga, `${saga}young`],
    );
    const seals = async () => (await pool.query('select saga from saga_seals where saga = $1', [saga])).rowCount;
    await expect.poll(seals, { timeout: 10_000 }).toBe(0);
  };
  const { code, output } = await run(['--import', 'tsx', 'services/notifications/main.ts'], {
    env: {
      DATABASE_URL: database.url,
      NOTIFICATIONS_PORT: String(await freePort()),
      AMENDS_TIMES: '{"purge":"200ms"}',
    },
    ready: async () => {
      await forgets('fulfilOrder:o-1');
      await forgets('fulfilOrder:o-2');
    },
  });
  expect({ code, output }).toMatchObject({ code: 0 });
  const { rows } = await pool.query('select saga from saga_seals order by saga');
  expect(rows).toEqual([{ saga: 'fulfilOrder:o-1young' }, { saga: 'fulfilOrder:o-2young' }]);
  await pool.end();
  await database.drop();
});

it('a service without its database does not start, and says which variable is missing', async () => {
  const { code, output } = await run(['--import', 'tsx', 'services/inventory/main.ts'], {});
  expect(code).toBe(1);
  expect(output).toContain('DATABASE_URL must name the database of inventory.');
});

it('two processes that migrate one empty database at once take turns, and again is nothing', async () => {
  const database = await freshDatabase();
  const pools = [0, 1, 2].map(() => createPool(database.url, createLog('test', 'silent'), 1));
  await Promise.all(pools.map((pool) => migrateService(pool, 'payments')));
  await Promise.all(pools.map((pool) => migrateService(pool, 'payments')));
  const { rows } = (await pools[0]?.query('select count(*)::int as done from drizzle.__drizzle_migrations')) ?? {};
  expect(rows).toEqual([{ done: 4 }]);
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

it('a bundle finds the migrations: from inside of the checkout, and from anywhere when started in it', async () => {
  const entry = `import { migrationsFolder } from './packages/participant/src/service/migrations-folder.ts'; console.log(migrationsFolder('orders'));`;
  const inside = await mkdtemp(join(root, 'node_modules', '.cache', 'bundle-test-'));
  const outside = await mkdtemp(join(tmpdir(), 'bundle-test-'));
  for (const [folder, cwd] of [
    [inside, '/'],
    [outside, join(root, 'services')],
  ] as const) {
    const outfile = join(folder, 'out.mjs');
    await build({
      stdin: { contents: entry, resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
    });
    const { output } = await run([outfile], { cwd });
    expect(output.trim()).toBe(join(root, 'services', 'orders', 'migrations'));
  }
  expect(migrationsFolder('orders')).toBe(join(root, 'services', 'orders', 'migrations'));
  expect(() => migrationsFolder('nobody')).toThrow('there is no services/nobody/migrations at or above');
  for (const folder of [inside, outside]) await rm(folder, { recursive: true });
});
