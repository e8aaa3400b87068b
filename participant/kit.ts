import type { Pool } from 'pg';
import type { AnyHandler } from './contract.ts';
import type { Turns } from './turns.ts';

/** What every request works with. */
export interface Kit {
  readonly pool: Pool;
  readonly turns: Turns;
  /** By action. */
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}
