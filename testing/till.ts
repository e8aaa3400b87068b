import { sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { z } from 'zod';
import { action, participant } from '../packages/contracts/src/define.ts';
import {
  external,
  migrateParticipant,
  participantRoutes,
  type AtPoint,
  type Done,
  type Outside,
  type Refusing,
  type Tx,
} from '../packages/participant/src/index.ts';
import { createHttpApp } from '../packages/runtime/src/http/app.ts';
import { serve } from '../packages/runtime/src/http/serve.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createPool } from '../packages/participant/src/database/postgres.ts';

/** A small participant for tests of P12: it holds money at a provider and lets it go, and pays out through one that knows no keys. */
const till = participant({
  hold: action({
    route: 'POST /tills',
    input: z.object({ order: z.string(), amount: z.int() }),
    output: z.object({ hold: z.string() }),
    undo: 'void',
    refusals: { declined: { when: 'the provider says no' }, 'too-much': { when: 'it is over the limit' } },
    example: { input: { order: 'o-1', amount: 1 }, output: { hold: 'hold-1' } },
  }),
  payOut: action({
    route: 'POST /payouts',
    input: z.object({ order: z.string() }),
    output: z.object({ paid: z.boolean() }),
    undo: 'take back',
    refusals: { declined: { when: 'the provider says no' } },
    example: { input: { order: 'o-1' }, output: { paid: true } },
  }),
});

/** `reserved`: what prepare wrote and a refusal takes back. `recordings`: every time that a second transaction was committed. */
const TABLES = `
create table if not exists reserved (order_id text primary key);
create table if not exists recordings (id bigint generated always as identity, order_id text not null, what text not null);`;

/** Above it the till itself says no. */
const TOO_MUCH = 1_000;

type HoldNo = 'declined' | 'too-much';
type HoldDone = Done<z.output<typeof till.actions.hold.input>, z.output<typeof till.actions.hold.output>>;

/** What a test does in the middle of the second transaction. */
export interface TillHooks {
  record?: (tx: Tx) => Promise<void>;
}

export interface Till {
  readonly url: string;
  readonly pool: Pool;
  readonly hooks: TillHooks;
  readonly close: () => Promise<void>;
}

export interface TillOptions {
  readonly poolSize?: number;
  readonly limitMs?: number;
  readonly leaseMarginMs?: number;
  readonly at?: AtPoint;
}

/** One process of it, or as good as one: a port, a pool and turns of its own; several may share database and provider. */
export const startTill = async (
  databaseUrl: string,
  providerUrl: string,
  { poolSize, limitMs = 3_000, leaseMarginMs, at }: TillOptions = {},
): Promise<Till> => {
  const log = createLog('till', 'silent');
  const pool = createPool(databaseUrl, log, poolSize);
  const hooks: TillHooks = {};
  const app = createHttpApp({ log, maxBodyBytes: 100_000, ready: async () => undefined });
  const ask = async <Code extends string>(
    path: string,
    body: unknown,
    { key, signal, refuse }: Outside<Code>,
    no: NoInfer<Code>,
  ) => {
    const headers = { 'till-key': key, 'content-type': 'application/json' };
    const answer = await fetch(providerUrl + path, { method: 'POST', headers, body: JSON.stringify(body), signal });
    const said = (await answer.json()) as { id?: string };
    if (answer.status === 402) throw refuse(no, 'the provider says no');
    if (!answer.ok) throw new Error(`the provider answered ${answer.status}`);
    return said;
  };
  const recorded = async (tx: Tx, order: string, what: string): Promise<void> => {
    await tx.execute(sql`insert into recordings (order_id, what) values (${order}, ${what})`);
    await hooks.record?.(tx);
  };
  participantRoutes(app, {
    contract: till,
    pool,
    log,
    leaseMarginMs,
    at,
    handlers: {
      hold: {
        do: external({
          limitMs,
          prepare: async (
            tx: Tx,
            { order, amount }: z.output<typeof till.actions.hold.input>,
            { refuse }: Refusing<HoldNo>,
          ) => {
            await tx.execute(sql`insert into reserved values (${order})`);
            if (amount > TOO_MUCH) throw refuse('too-much', `${amount} is too much`);
            return { order, amount };
          },
          call: (request, outside: Outside<HoldNo>) => ask('/holds', request, outside, 'declined'),
          record: async (tx, { given, result }, keep) => {
            await recorded(tx, given.order, 'held');
            keep({ hold: result.id });
            return { hold: result.id ?? '' };
          },
          refused: async (tx, { given }) => {
            await tx.execute(sql`delete from reserved where order_id = ${given.order}`);
          },
        }),
        undo: external({
          limitMs,
          prepare: async (_: Tx, { memo, correction }: HoldDone) => ({ ...(memo as object), correction }),
          call: (request, outside: Outside<'taken'>) => ask('/voids', request, outside, 'taken'),
          record: (tx, { given }) => recorded(tx, given.input.order, 'voided'),
        }),
      },
      payOut: {
        do: external({
          repeatable: false,
          limitMs,
          prepare: async (_: Tx, { order }: z.output<typeof till.actions.payOut.input>) => ({ order }),
          call: (request, outside: Outside<'declined'>) => ask('/holds', request, outside, 'declined'),
          record: async (tx, { given }) => {
            await recorded(tx, given.order, 'paid');
            return { paid: true };
          },
        }),
        undo: async (tx, { input }) => recorded(tx, input.order, 'taken back'),
      },
    },
  });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    pool,
    hooks,
    close: async () => {
      await server.close();
      await pool.end();
    },
  };
};

export const migrateTill = async (pool: Pool): Promise<void> => {
  await migrateParticipant(pool);
  await pool.query(TABLES);
};

/** What has been written for an order, in the order of its writing. */
export const recordingsOf = async (pool: Pool, order: string): Promise<string[]> => {
  const { rows } = await pool.query<{ what: string }>('select what from recordings where order_id = $1 order by id', [
    order,
  ]);
  return rows.map(({ what }) => what);
};
