export { crashPoints, type AtPoint, type CrashPoint } from './crash-points.ts';
export { external } from './external.ts';
export { migrateParticipant } from './migrate.ts';
export { participantRoutes } from './routes.ts';
export { carriesToken } from './service-token.ts';
export { PURGE_LIMIT_DAYS, purgeOperations } from './purge.ts';
export { startPurging } from './start-purging.ts';
export { refuse, Refusal } from './refusal.ts';
export type { Do, Done, External, Handler, Handlers, Outside, ParticipantContract, Tx, Undo } from './contract.ts';
