import type { Random } from './random.ts';

/** The processes that are killed, by their names in the run file; the relay is in the one of the orders service. */
export const STRUCK = ['NATS', 'orders', 'api', 'Temporal'] as const;
export type Struck = (typeof STRUCK)[number];

/** `part` is killed once that many events have been sent. */
export interface Strike {
  readonly part: Struck;
  readonly place: number;
}

/** In the middle of the traffic, not before it has begun nor when it is over. */
const FROM = 0.08;
const TO = 0.9;
const EVENTS_A_ROUND = 4_000;

/** Each part once a round, in an order of the seed's; more rounds where there is more to send. */
export const planStrikes = (random: Random, events: number): Strike[] => {
  const rounds = 1 + Math.floor(events / EVENTS_A_ROUND);
  const parts = Array.from({ length: rounds }, () => random.shuffled(STRUCK)).flat();
  const apart = (TO - FROM) / parts.length;
  return parts.map((part, n) => ({
    part,
    place: Math.floor(events * (FROM + apart * (n + random.between(0.1, 0.9)))),
  }));
};
