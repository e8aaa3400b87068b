// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './start-api.ts';
