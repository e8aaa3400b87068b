// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './service-token.ts';
export * from './sql-error.ts';
