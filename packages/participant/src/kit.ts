import type { Pool } from 'pg';
import type { Log } from '@amends/runtime/internal';
import type { ActionContract, AnyHandler } from './contract.ts';
import type { AtPoint, Passing } from './crash-points.ts';
import type { Turns } from './database/turns.ts';

/** What every request works with. */
export interface Kit {
  readonly pool: Pool;
  readonly turns: Turns;
  /** By action, as is `handlers`. */
  readonly actions: Readonly<Record<string, ActionContract>>;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
  readonly log: Log;
  /** How much longer than a call to a provider its lease lasts, in milliseconds. */
  readonly leaseMarginMs: number;
  /** Given by tests alone. */
  readonly at?: AtPoint | undefined;
}

/** Tells of the points that the request with this key passes; undefined when nobody listens. */
export const pointsOf = ({ at }: Kit, key: string): Passing | undefined => at && ((point) => at(point, key));
