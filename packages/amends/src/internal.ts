// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export { buildProcesses, stopCompiler } from './local/build/build.ts';
export { killGroup, type Child } from './local/processes/child.ts';
export { appFolder } from './local/state/folders.ts';
export { freePorts } from './local/ports/free-ports.ts';
export { guardFile, startGuard } from './local/processes/guard.ts';
export { startPart } from './local/processes/part.ts';
export type { Report } from './local/processes/report.ts';
export { findNatsServer } from './local/servers/nats-program.ts';
export { natsServer } from './local/servers/nats-server.ts';
export { postgresBinaries } from './local/servers/postgres-binaries.ts';
export { postgresServer } from './local/servers/postgres-server.ts';
export { findTemporalCli } from './local/servers/temporal-program.ts';
export { temporalServer } from './local/servers/temporal-server.ts';
export { unprivilegedUser } from './local/servers/unprivileged-user.ts';
