import { planStrikes, type Strike } from './plan-strikes.ts';
import { orderOf, parcelOf, returnOf } from './orders.ts';
import { POISON_KINDS, type PoisonKind } from './poison.ts';
import { createRandom, type Random } from './random.ts';
import { DIRECT_WAYS, type Content, type Sending } from './sending.ts';

/**
 * Of all events. An order is some ten steps and their undos at five services, a return's saga waits at its first step: there are so many more
 * of these that a soak is one of events rather than of sagas. `far`: of those sent again, in a far place; with what comes early that is
 * a twentieth out of order.
 */
const SHARES = {
  orders: 0.25,
  again: 0.1,
  far: 0.015,
  earlyCancels: 0.02,
  cancels: 0.03,
  earlyParcels: 0.015,
  parcels: 0.02,
  poison: 0.01,
};
const THROUGH_ORDERS = 0.4;
/** Places between an event and its close company. */
const NEAR = 40;
const POISON_OVER_HTTP = 0.3;

/** Everything that a soak does, made of its seed: what is sent in which order and by which way, and who is killed when. */
export interface Plan {
  readonly events: number;
  readonly seed: number;
  readonly sendings: readonly Sending[];
  readonly strikes: readonly Strike[];
}

/** `at`: where it belongs, in places; `after` must have been delivered before it. */
type Draft = Content & Pick<Sending, 'id' | 'way'> & { at: number; again?: true; after?: Draft };
type Of<W extends Content['what']> = Extract<Draft, { what: W }>;

/** The draft's own draws come from here; `count` is how many events a share is. */
interface Dice {
  readonly random: Random;
  readonly seed: number;
  readonly events: number;
  readonly count: (share: number) => number;
}

export const makePlan = ({ events, seed }: { events: number; seed: number }): Plan => {
  const random = createRandom(seed);
  const dice: Dice = { random, seed, events, count: (share) => Math.round(events * share) };
  const { count } = dice;

  const orders = drafts(count(SHARES.orders), (n) => draftOrder(dice, n));
  const cancels = companions(dice, orders, [SHARES.earlyCancels, SHARES.cancels], draftCancel);
  const poisons = Math.max(POISON_KINDS.length, count(SHARES.poison));
  const others = orders.length + cancels.length + poisons + count(SHARES.again);
  const parcelCount = count(SHARES.earlyParcels) + count(SHARES.parcels);
  const returns = drafts(events - others - parcelCount, (n) => draftReturn(dice, n));
  const parcels = companions(dice, returns, [SHARES.earlyParcels, SHARES.parcels], draftParcel);

  const good = [...orders, ...cancels, ...returns, ...parcels];
  const again = drafts(count(SHARES.again), (n) => draftAgain(dice, good, n < count(SHARES.far) ? events : NEAR));
  const poison = drafts(poisons, (n) => draftPoison(dice, n, orders));
  return { events, seed, sendings: inPlaces([...good, ...again, ...poison]), strikes: planStrikes(random, events) };
};

const drafts = <D>(count: number, make: (n: number) => D): D[] => Array.from({ length: count }, (_, n) => make(n));

const draftOrder = ({ random, seed, events }: Dice, n: number): Of<'order'> => {
  const orderId = `s${seed}-o-${n}`;
  const way = random.chance(THROUGH_ORDERS) ? 'orders' : random.pick(DIRECT_WAYS);
  return { what: 'order', ...orderOf(random, orderId), at: random.between(0, events), id: `${orderId}-placed`, way };
};

const draftReturn = ({ random, seed, events }: Dice, n: number): Of<'return'> => {
  const orderId = `s${seed}-r-${n}`;
  const request = returnOf(random, orderId);
  return {
    what: 'return',
    request,
    at: random.between(0, events),
    id: `${orderId}-requested`,
    way: random.pick(DIRECT_WAYS),
  };
};

/** What belongs to some of them, each to another: the first share comes before what it belongs to, the second after it. */
const companions = <F extends Draft, C extends Draft>(
  { random, count }: Dice,
  firsts: readonly F[],
  [early, later]: readonly [number, number],
  make: (random: Random, first: F, early: boolean) => C,
): C[] =>
  random
    .shuffled(firsts)
    .slice(0, count(early) + count(later))
    .map((first, n) => {
      const comesFirst = n < count(early);
      const apart = random.between(1, NEAR);
      const companion = make(random, first, comesFirst);
      companion.at = comesFirst ? first.at - apart : first.at + apart;
      if (comesFirst) first.after = companion;
      else companion.after = first;
      return companion;
    });

/** What was placed through the orders service may also be cancelled through it, once it is there. */
const draftCancel = (random: Random, { order: { orderId }, way: first }: Of<'order'>, early: boolean): Of<'cancel'> => {
  const way = !early && first === 'orders' && random.chance(0.5) ? 'orders' : random.pick(DIRECT_WAYS);
  return { what: 'cancel', orderId, early, at: 0, id: `${orderId}-cancel`, way };
};

const draftParcel = (random: Random, { request }: Of<'return'>, early: boolean): Of<'received'> => ({
  what: 'received',
  parcel: parcelOf(request),
  early,
  at: 0,
  id: `${request.orderId}-received`,
  way: random.pick(DIRECT_WAYS),
});

const draftAgain = ({ random }: Dice, good: readonly Draft[], apart: number): Draft => {
  const first = random.pick(good as [Draft, ...Draft[]]);
  const way = first.way === 'orders' && random.chance(0.5) ? 'orders' : random.pick(DIRECT_WAYS);
  return { ...first, at: first.at + random.between(0, apart), way, again: true, after: first };
};

const draftPoison = ({ random, seed, events }: Dice, n: number, orders: readonly Of<'order'>[]): Of<'poison'> => {
  // one of each by the broker at least
  const kind: PoisonKind = POISON_KINDS[n] ?? random.pick(POISON_KINDS as [PoisonKind, ...PoisonKind[]]);
  const overHttp = n >= POISON_KINDS.length && kind !== 'other subject' && random.chance(POISON_OVER_HTTP);
  // what is delivered over HTTP has been started
  const among = kind === 'other content' ? orders.filter(({ way }) => way.startsWith('http')) : orders;
  const of = random.pick(among as [Of<'order'>, ...Of<'order'>[]]);
  const way = overHttp ? 'http-binary' : 'broker-binary';
  const poison = { what: 'poison', kind, order: of.order, id: `s${seed}-p-${n}`, way } as const;
  return kind === 'other content'
    ? { ...poison, at: of.at + random.between(1, events / 2), after: of }
    : { ...poison, at: random.between(0, events) };
};

const inPlaces = (all: readonly Draft[]): Sending[] => {
  const sorted = all.toSorted((a, b) => a.at - b.at);
  const places = new Map(sorted.map((draft, place) => [draft, place]));
  return sorted.map(({ after, again = false, ...sending }) => ({
    ...sending,
    again,
    after: after === undefined ? null : (places.get(after) ?? null),
  }));
};
