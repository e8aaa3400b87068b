import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Hono } from 'hono';
import type { Pool } from 'pg';
import { z } from 'zod';
import { action, participant } from '../packages/contracts/src/define.ts';
import { migrateParticipant, participantRoutes, type Tx } from '../packages/participant/src/index.ts';
import { createHttpApp } from '../packages/runtime/src/http/app.ts';
import { serve } from '../packages/runtime/src/http/serve.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createPool } from '../packages/participant/src/database/postgres.ts';

/** A small participant for tests of the kit: goods are taken from a shelf and may be put back; a parcel is sent for good. */
export const warehouse = participant({
  take: action({
    route: 'POST /takings',
    input: z.object({ sku: z.string(), quantity: z.int().positive(), note: z.unknown() }),
    output: z.object({ takingId: z.string(), note: z.unknown() }),
    undo: 'put back',
    refusals: { 'out-of-stock': { when: 'there is less on the shelf' } },
    example: { input: { sku: 'mug', quantity: 1, note: null }, output: { takingId: 't-1', note: null } },
  }),
  send: action({
    route: 'POST /takings/{takingId}/send',
    input: z.object({ takingId: z.string() }),
    output: z.object({ sent: z.boolean() }),
    refusals: { 'not-taken': { when: 'nobody has taken it' } },
    example: { input: { takingId: 't-1' }, output: { sent: true } },
  }),
});

const TABLES = `
create table if not exists shelf (sku text primary key, available int not null check (available >= 0));
create table if not exists takings (taking_id text primary key, sku text not null, quantity int not null, state text not null);
create table if not exists sendings (id bigint generated always as identity, taking_id text not null);
create table if not exists puttings (id bigint generated always as identity, taking_id text not null);`;

/** What a test does in the middle of a handler; `take` after the goods are taken, `undo` after they are put back. */
export interface Hooks {
  take?: (tx: Tx, sku: string) => Promise<void>;
  undo?: (tx: Tx, done: { memo: unknown; correction: unknown }) => Promise<void>;
}

/** A hook that keeps its transaction busy until it is let go, or the kit ends it. */
export const holdUp = (): { hook: (tx: Tx) => Promise<void>; begun: Promise<void>; letGo: () => void } => {
  const lock = { held: true };
  let begin: () => void;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const hook = async (tx: Tx): Promise<void> => {
    begin();
    while (lock.held) {
      await tx.execute(sql`select pg_sleep(0.02)`);
    }
  };
  const letGo = (): void => {
    lock.held = false;
  };
  return { hook, begun, letGo };
};

export interface Warehouse {
  readonly url: string;
  readonly pool: Pool;
  readonly app: Hono;
  /** Changed by tests as they go. */
  readonly hooks: Hooks;
  readonly close: () => Promise<void>;
}

/** One service process of it, on its own port, with its own pool; several may share a database. */
export const startWarehouse = async (
  databaseUrl: string,
  { token, poolSize }: { token?: string; poolSize?: number } = {},
): Promise<Warehouse> => {
  const log = createLog('warehouse', 'silent');
  const pool = createPool(databaseUrl, log, poolSize);
  const hooks: Hooks = {};
  const app = createHttpApp({ log, maxBodyBytes: 100_000, ready: async () => undefined });
  participantRoutes(app, {
    contract: warehouse,
    pool,
    log,
    token,
    handlers: {
      take: {
        do: async (tx, { sku, quantity, note }, { keep, refuse }) => {
          const takingId = randomUUID();
          await tx.execute(sql`insert into takings values (${takingId}, ${sku}, ${quantity}, 'taken')`);
          const { rowCount } = await tx.execute(
            sql`update shelf set available = available - ${quantity} where sku = ${sku} and available >= ${quantity}`,
          );
          if (rowCount !== 1) throw refuse('out-of-stock', `there are not ${quantity} of ${sku}`);
          keep({ secret: takingId });
          await hooks.take?.(tx, sku);
          return { takingId, note };
        },
        undo: async (tx, { input, answer, memo, correction }) => {
          await tx.execute(sql`update takings set state = 'put back' where taking_id = ${answer.takingId}`);
          await tx.execute(sql`insert into puttings (taking_id) values (${answer.takingId})`);
          await tx.execute(sql`update shelf set available = available + ${input.quantity} where sku = ${input.sku}`);
          await hooks.undo?.(tx, { memo, correction });
        },
      },
      send: {
        do: async (tx, { takingId }, { refuse }) => {
          const { rowCount } = await tx.execute(
            sql`insert into sendings (taking_id) select taking_id from takings where taking_id = ${takingId}`,
          );
          if (rowCount !== 1) throw refuse('not-taken', `${takingId} is not there`);
          return { sent: true };
        },
      },
    },
  });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    pool,
    app,
    hooks,
    close: async () => {
      await server.close();
      await pool.end();
    },
  };
};

/** The tables of the kit and of the service, and 1,000 of every SKU named. */
export const stockWarehouse = async (pool: Pool, ...skus: readonly string[]): Promise<void> => {
  await migrateParticipant(pool);
  await pool.query(TABLES);
  for (const sku of skus) await pool.query('insert into shelf values ($1, 1000)', [sku]);
};

/** What is so in the database about one SKU. */
export const stateOf = async (pool: Pool, sku: string) => {
  const { rows } = await pool.query<{ available: number; taken: number; back: number; puttings: number }>(
    `select (select available from shelf where sku = $1) as available,
      count(*) filter (where state = 'taken')::int as taken, count(*) filter (where state = 'put back')::int as back,
      (select count(*)::int from puttings p join takings t using (taking_id) where t.sku = $1) as puttings
      from takings where sku = $1`,
    [sku],
  );
  return rows[0];
};
