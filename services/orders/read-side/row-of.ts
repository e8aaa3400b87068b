import { sagaId } from '@amends/contracts';
import { totalOf, type OrderView } from '../../../contracts/orders.ts';
import type { Fact, ToldFact } from './fact.ts';

export type OrderRow = OrderView & { readonly placedAt: string };

type Kind = Fact['kind'];
type FactOfKind<K extends Kind> = Extract<Fact, { kind: K }>;
type Entry = OrderView['history'][number];

/**
 * An order's row out of all that is known of it, in whatever order it became known. Undefined while nothing says what is in the order.
 *
 * What comes after what is told by what it means (placed, accepted, released, ended, returned), not by the clocks of several machines. The saga
 * that accepted the order last ends it, or, when none has, the one that its event starts; of several ends of one saga the earliest counts, and
 * at the same time the one whose source and id come first.
 */
export const rowOf = (orderId: string, facts: readonly ToldFact[]): OrderRow | undefined => {
  const sorted = facts.toSorted(byTime);
  const all = <K extends Kind>(kind: K): FactOfKind<K>[] =>
    sorted.flatMap(({ fact }) => (isOf(fact, kind) ? [fact] : []));

  const accepted = perOrdinal(all('accepted'));
  const begin = all('placed')[0] ?? accepted[0];
  if (begin === undefined) return undefined;
  const released = perOrdinal(all('released'));
  const holder = accepted.at(-1)?.sagaId ?? sagaId('fulfilOrder', orderId);
  const end = all('ended').find((one) => one.sagaId === holder);
  const returned = end === undefined || end.status === 'confirmed' ? all('returned')[0] : undefined;

  const history = neverBackwards([
    { at: begin.at, status: 'placed' },
    ...accepted.flatMap(({ at, ordinal }): Entry[] => {
      const release = released.find((one) => one.ordinal === ordinal);
      return [{ at, status: 'accepted' }, ...(release ? [{ at: release.at, status: 'placed' as const }] : [])];
    }),
    ...(end ? [{ at: end.at, status: end.status }] : []),
    ...(returned ? [{ at: returned.at, status: 'returned' as const }] : []),
  ]);
  const { currency, lines } = begin;
  return {
    orderId,
    status: history.at(-1)?.status ?? 'placed',
    reason: end?.reason ?? null,
    trackingNumber: end?.trackingNumber ?? null,
    currency,
    lines,
    total: totalOf({ currency, lines }).amount,
    history,
    placedAt: begin.at,
  };
};

const isOf = <K extends Kind>(fact: Fact, kind: K): fact is FactOfKind<K> => fact.kind === kind;

const byTime = (a: ToldFact, b: ToldFact): number =>
  compare(a.fact.at, b.fact.at) || compare(a.source, b.source) || compare(a.eventId, b.eventId);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The first of each ordinal, in their order. */
const perOrdinal = <F extends { readonly ordinal: number }>(facts: readonly F[]): F[] => {
  const first = new Map<number, F>();
  for (const fact of facts) if (!first.has(fact.ordinal)) first.set(fact.ordinal, fact);
  return [...first.values()].toSorted((a, b) => a.ordinal - b.ordinal);
};

/** What came later is never shown earlier, whatever clock told its time. */
const neverBackwards = (entries: readonly Entry[]): Entry[] => {
  let latest = '';
  return entries.map(({ at, status }) => {
    latest = at > latest ? at : latest;
    return { at: latest, status };
  });
};
