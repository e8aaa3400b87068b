import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleOrder, OrderView } from '../../../contracts/orders.ts';
import { freePorts } from '../../../packages/amends/src/local/ports/free-ports.ts';
import { createLog } from '../../../packages/runtime/src/log.ts';
import { createPool } from '../../../packages/participant/src/database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../packages/testing/src/servers/database.ts';
import { ownNats, type OwnNats } from '../../../packages/testing/src/servers/own-nats.ts';
import { ORDER_LOCK } from './locks.ts';

const STARTED_WITHIN_MS = 120_000;
const ORDERS = 12;
/** The machine may be busy. */
const soon = { timeout: 60_000 };

let nats: OwnNats;
let database: FreshDatabase;
let port = 0;
let child: ChildProcess | undefined;
beforeAll(async () => {
  nats = await ownNats();
  database = await freshDatabase();
  [port = 0] = await freePorts(1);
}, STARTED_WITHIN_MS);
afterAll(async () => {
  child?.kill('SIGKILL');
  await nats?.remove();
  await database?.drop();
}, STARTED_WITHIN_MS);

const url = () => `http://127.0.0.1:${port}`;
const started = async (): Promise<ChildProcess> => {
  child = spawn(process.execPath, ['--import', 'tsx', 'services/orders/main.ts'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, NATS_URL: nats.url, ORDERS_PORT: String(port) },
    stdio: 'ignore',
  });
  await expect
    .poll(
      () =>
        fetch(`${url()}/readyz`).then(
          ({ status }) => status,
          () => 0,
        ),
      soon,
    )
    .toBe(200);
  return child;
};
const listed = async (): Promise<unknown> => {
  const { items } = (await (await fetch(`${url()}/orders`)).json()) as { items: unknown[] };
  return items.map((item) => OrderView.parse(item));
};

it(
  'E6: a rebuild whose process is killed in the middle leaves the rows that were served, and the next one is whole',
  async () => {
    const killed = await started();
    for (let n = 0; n < ORDERS; n++) {
      const order = { ...exampleOrder, orderId: `o-${n}` };
      expect(
        (
          await fetch(`${url()}/orders`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(order),
          })
        ).status,
      ).toBe(201);
    }
    const before = await listed();

    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('select pg_advisory_lock($1, hashtext($2))', [ORDER_LOCK, 'o-7']);
    const pool = createPool(database.url, createLog('test', 'silent'));
    const rebuilding = fetch(`${url()}/read-side/rebuild`, { method: 'POST' }).then((answer) => answer.text());
    rebuilding.catch(() => undefined);
    await expect
      .poll(async () => (await pool.query('select building from order_read_side')).rows, soon)
      .toEqual([{ building: 2 }]);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await expect(rebuilding).rejects.toThrow(/terminated|fetch failed/);
    await holder.end();

    await started();
    expect(await listed()).toEqual(before);
    await expect
      .poll(async () => (await fetch(`${url()}/read-side/rebuild`, { method: 'POST' })).text(), soon)
      .toContain(`"is":"done","events":${ORDERS},"orders":${ORDERS},"kept":0,"changed":0`);
    expect(await listed()).toEqual(before);
    expect((await pool.query('select distinct generation from order_facts')).rows).toEqual([{ generation: 2 }]);
    await pool.end();
  },
  STARTED_WITHIN_MS,
);
