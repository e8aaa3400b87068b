// What an application's tests are made of.
export { freshDatabase, type FreshDatabase } from './servers/database.ts';
export { freshNamespace, type FreshNamespace } from './servers/namespace.ts';
export type { ProvidedServers } from './servers/provided.ts';
