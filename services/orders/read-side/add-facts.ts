import { sql } from 'drizzle-orm';
import { atOnce, type Database } from '@amends/participant/service';
import { Fact, type ToldFact } from './fact.ts';
import { GATE_LOCK, ORDER_LOCK } from './locks.ts';
import { rowOf, type OrderRow } from './row-of.ts';
import { orderFacts, orderViews } from './tables.ts';

/** A generation that was to be written into is not being built any more. */
class NotBuilding extends Error {
  override readonly name = 'NotBuilding';
}

/**
 * Adds what events have said, and makes the rows of their orders anew; what is known already changes nothing. Two round trips, in a
 * transaction; orders are locked until it ends. It writes the rows that are served and those that are being built, or `only` the latter.
 *
 * @throws NotBuilding when `only` is not being built
 */
export const addFacts = async (tx: Database, added: readonly ToldFact[], only?: number): Promise<void> => {
  const orderIds = [...new Set(added.map(({ orderId }) => orderId))];
  const [, { rows }] = await atOnce(lockOrders(tx, orderIds), readFacts(tx, orderIds));
  const generations = new Set(rows.map(({ generation }) => generation));
  if (only !== undefined && !generations.has(only)) throw new NotBuilding('the rows are not being built any more');

  const facts: (typeof orderFacts.$inferInsert)[] = [];
  const views: (typeof orderViews.$inferInsert)[] = [];
  for (const generation of only === undefined ? generations : [only]) {
    const ofGeneration = rows.filter((row) => row.generation === generation);
    for (const orderId of orderIds) {
      const known = new Map(ofGeneration.filter(isOf(orderId)).flatMap(readable));
      const news = new Map(added.filter(isOf(orderId)).map((one) => [keyOf(one), one]));
      for (const key of known.keys()) news.delete(key);
      if (news.size === 0) continue;
      facts.push(...[...news.values()].map((one) => ({ generation, ...one })));
      const row = rowOf(orderId, [...known.values(), ...news.values()]);
      if (row) views.push(viewOf(generation, row));
    }
  }
  await atOnce(writeFacts(tx, facts), writeViews(tx, views));
};

const isOf =
  (orderId: string) =>
  (one: { readonly orderId: string | null }): boolean =>
    one.orderId === orderId;
const keyOf = ({ source, eventId }: Pick<ToldFact, 'source' | 'eventId'>): string => JSON.stringify([source, eventId]);
const viewOf = (generation: number, row: OrderRow) => ({ ...row, generation, placedAt: new Date(row.placedAt) });

/** In the order of the locks, so that nobody waits for one who waits for them. */
const lockOrders = (tx: Database, orderIds: readonly string[]) =>
  tx.execute(sql`
    select pg_advisory_xact_lock_shared(${GATE_LOCK}::int, 0), pg_advisory_xact_lock(${ORDER_LOCK}::int, key)
    from (select distinct hashtext(id) as key from unnest(${sql.param(orderIds)}::text[]) as id order by 1) as keys`);

/** A row for each generation at least. */
const readFacts = (tx: Database, orderIds: readonly string[]) =>
  tx.execute<{ generation: number; orderId: string | null; source: string; eventId: string; fact: unknown }>(sql`
    select written.generation, order_id as "orderId", source, event_id as "eventId", fact
    from order_read_side cross join lateral (values (current), (building)) as written (generation)
      left join order_facts on order_facts.generation = written.generation
        and order_id = any(${sql.param(orderIds)}::text[])
    where written.generation is not null`);

/** A fact that cannot be read is as none: the event's own takes its place. */
const readable = ({
  orderId,
  source,
  eventId,
  fact,
}: {
  orderId: string | null;
  source: string;
  eventId: string;
  fact: unknown;
}): [string, ToldFact][] => {
  const parsed = Fact.safeParse(fact);
  if (!parsed.success || orderId === null) return [];
  return [[keyOf({ source, eventId }), { orderId, source, eventId, fact: parsed.data }]];
};

const writeFacts = async (tx: Database, facts: (typeof orderFacts.$inferInsert)[]): Promise<void> => {
  if (facts.length === 0) return;
  const { generation, orderId, source, eventId } = orderFacts;
  await tx
    .insert(orderFacts)
    .values(facts)
    .onConflictDoUpdate({ target: [generation, orderId, source, eventId], set: { fact: sql`excluded.fact` } });
};

const writeViews = async (tx: Database, views: (typeof orderViews.$inferInsert)[]): Promise<void> => {
  if (views.length === 0) return;
  await tx
    .insert(orderViews)
    .values(views)
    .onConflictDoUpdate({
      target: [orderViews.generation, orderViews.orderId],
      set: {
        status: sql`excluded.status`,
        reason: sql`excluded.reason`,
        trackingNumber: sql`excluded.tracking_number`,
        currency: sql`excluded.currency`,
        lines: sql`excluded.lines`,
        total: sql`excluded.total`,
        history: sql`excluded.history`,
        placedAt: sql`excluded.placed_at`,
      },
    });
};
