import type { Env, Hono } from 'hono';
import type { Pool } from 'pg';
import type { Log } from '../platform/log.ts';
import type { Handlers, ParticipantContract } from './contract.ts';

/** What a service hands to the kit. `token`: when given, every saga route asks for it as a bearer token. */
export interface ParticipantOptions<C extends ParticipantContract> {
  readonly contract: C;
  readonly pool: Pool;
  readonly handlers: Handlers<C>;
  readonly log: Log;
  readonly token?: string | undefined;
}

/** Mounts every action's route of the contract and `/saga-operations/*` (participants.md has the protocol). */
export const participantRoutes = <E extends Env, const C extends ParticipantContract>(
  _app: Hono<E>,
  _options: ParticipantOptions<C>,
): void => {
  throw new Error('not built yet');
};
