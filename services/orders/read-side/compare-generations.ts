import type { Pool } from 'pg';
import { Fact, type ToldFact } from './fact.ts';

const FACTS_AT_ONCE = 500;

/** What is known of orders in the generation that is served, and of which that other one knows nothing; some at a time. */
export const factsNotIn = async function* (pool: Pool, generation: number): AsyncGenerator<ToldFact[], void> {
  let after: readonly [string, string, string] = ['', '', ''];
  for (;;) {
    const { rows } = await pool.query<{ orderId: string; source: string; eventId: string; fact: unknown }>(
      `select order_id as "orderId", source, event_id as "eventId", fact from order_facts as served
       where generation = (select current from order_read_side) and (order_id, source, event_id) > ($2, $3, $4)
         and not exists (select from order_facts as built where built.generation = $1
           and (built.order_id, built.source, built.event_id) = (served.order_id, served.source, served.event_id))
       order by order_id, source, event_id limit ${FACTS_AT_ONCE}`,
      [generation, ...after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.flatMap((row) => {
      const { success, data } = Fact.safeParse(row.fact);
      return success ? [{ ...row, fact: data }] : [];
    });
    after = [last.orderId, last.source, last.eventId];
  }
};

const said = `(status, reason, tracking_number, currency, lines::text, total, history::text, placed_at)::text as said`;

/** How many orders that generation shows otherwise than the one that is served, or alone, or not at all. */
export const changedRows = async (pool: Pool, generation: number): Promise<number> => {
  const { rows } = await pool.query<{ changed: number }>(
    `select count(*)::int as changed
     from (select order_id, ${said} from order_views where generation = (select current from order_read_side)) as served
       full join (select order_id, ${said} from order_views where generation = $1) as built using (order_id)
     where served.said is distinct from built.said`,
    [generation],
  );
  return rows[0]?.changed ?? 0;
};

/** How many orders are shown. */
export const countRows = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from order_views where generation = (select current from order_read_side)',
  );
  return rows[0]?.count ?? 0;
};
