import type { Pool } from 'pg';
import type { AnyHandler } from './contract.ts';
import type { AtPoint, Passing } from './crash-points.ts';
import type { Turns } from './turns.ts';

/** What every request works with. */
export interface Kit {
  readonly pool: Pool;
  readonly turns: Turns;
  /** By action. */
  readonly handlers: Readonly<Record<string, AnyHandler>>;
  /** Given by tests alone. */
  readonly at?: AtPoint | undefined;
}

/** Tells of the points that the request with this key passes; undefined when nobody listens. */
export const pointsOf = ({ at }: Kit, key: string): Passing | undefined => at && ((point) => at(point, key));
