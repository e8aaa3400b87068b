import type { KnownEventOf, TimedEventOf } from '@amends/events';
import type { events, EventType } from '../contracts/events.ts';

/** An event of one of these types of the shop, as its contract has parsed it. */
export type ShopEvent<T extends EventType = EventType> = KnownEventOf<typeof events, T>;

/** The same, with the time that it bears. */
export type TimedShopEvent<T extends EventType = EventType> = TimedEventOf<typeof events, T>;
