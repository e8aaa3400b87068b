export { crashPoints, type AtPoint, type CrashPoint } from './crash-points.ts';
export { external } from './provider/external.ts';
export { migrateParticipant } from './database/migrate.ts';
export { parseOperationKey, type OperationKey } from '@amends/contracts/protocol';
export { createPool } from './database/postgres.ts';
export { participantRoutes, type ParticipantOptions } from './http/routes.ts';
export { carriesToken } from './http/service-token.ts';
export { purgeOperations } from './operations/purge.ts';
export { startPurging } from './operations/start-purging.ts';
export type { Refusal } from './refusal.ts';
export type {
  ActionContext,
  Do,
  Done,
  External,
  Handler,
  Handlers,
  Outside,
  ParticipantContract,
  SagaContext,
  Refusing,
  Tx,
  Undo,
} from './contract.ts';
