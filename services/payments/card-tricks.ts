import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { isNull, sql } from 'drizzle-orm';
import type { MiddlewareHandler } from 'hono';
import { carriesToken, parseOperationKey } from '@amends/participant';
import type { Database } from '@amends/participant/service';
import { cardTricks } from './schema.ts';
import { ANSWER_LOST, SLOW } from './test-cards.ts';

const SLOW_MS = 8_000;

/**
 * What the test cards do to an answer, around the kit and outside of its transaction.
 *
 * - `tok_slow`: a key's authorization is made 8 s after it was first asked for; a repeat within them waits for the rest.
 * - `tok_answer_lost`: a key's first answer of success, committed by then, is thrown away and the connection closed without
 *   a byte; remembered in the database, so once is once also after a restart.
 *
 * @param serviceToken when given, a request without it is left to the kit, which refuses it
 */
export const cardTrick =
  (db: Database, serviceToken?: string): MiddlewareHandler<{ Bindings: HttpBindings }> =>
  async (c, next) => {
    if (serviceToken !== undefined && !carriesToken(c.req.header('authorization'), serviceToken)) return next();
    const key = c.req.header('idempotency-key')?.replace(/^"(.*)"$/, '$1') ?? '';
    const token = tokenOf(await c.req.text());
    if (parseOperationKey(key) === undefined) return next();
    if (token === SLOW) await sleep(await slowness(db, key));
    await next();
    if (token === ANSWER_LOST && c.res.ok && (await losesAnswer(db, key))) {
      c.env.outgoing.destroy();
      c.res = RESPONSE_ALREADY_SENT;
    }
  };

/** How many milliseconds of the 8 s are left. */
const slowness = async (db: Database, key: string): Promise<number> => {
  await db.insert(cardTricks).values({ key }).onConflictDoNothing();
  const age = sql`extract(epoch from clock_timestamp() - ${cardTricks.firstAskedAt}) * 1000`.mapWith(Number);
  const [row] = await db
    .select({ age })
    .from(cardTricks)
    .where(sql`${cardTricks.key} = ${key}`);
  return Math.min(SLOW_MS, Math.max(0, SLOW_MS - (row?.age ?? SLOW_MS)));
};

/** True once a key. */
const losesAnswer = async (db: Database, key: string): Promise<boolean> => {
  const answerLostAt = sql`clock_timestamp()`;
  const lost = await db
    .insert(cardTricks)
    .values({ key, answerLostAt })
    .onConflictDoUpdate({ target: cardTricks.key, set: { answerLostAt }, setWhere: isNull(cardTricks.answerLostAt) })
    .returning();
  return lost.length > 0;
};

const tokenOf = (body: string): unknown => {
  try {
    return (JSON.parse(body) as { paymentToken?: unknown } | null)?.paymentToken;
  } catch {
    return undefined;
  }
};
