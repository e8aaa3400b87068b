export { crashPoints, type AtPoint, type CrashPoint } from './crash-points.ts';
export { external } from './external.ts';
export { migrateParticipant } from './migrate.ts';
export { parseOperationKey, type OperationKey } from './operation-key.ts';
export { createPool } from './postgres.ts';
export { participantRoutes, type ParticipantOptions } from './routes.ts';
export { carriesToken } from './service-token.ts';
export { PURGE_LIMIT_DAYS, purgeOperations } from './purge.ts';
export { startPurging } from './start-purging.ts';
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
