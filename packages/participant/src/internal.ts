// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export { migrateService } from './service/migrate.ts';
