import type { App, EventContract } from '@amends/contracts';

/** An event whose type is in the contracts and whose data has been parsed by its schema. */
export interface KnownEvent<T extends string = string, D = unknown> {
  readonly type: T;
  readonly id: string;
  readonly source: string;
  /** The business key, where the sender gave one. */
  readonly subject: string | null;
  readonly data: D;
}

/** What each type of event says, by type: the events of an application, or a test's own table, which may know other versions. */
export type EventContracts = App['events'];

/** The types that a table has. */
export type TypeIn<E extends EventContracts> = Extract<keyof E, string>;

/** The data of one type. */
export type DataOf<E extends EventContracts, T extends TypeIn<E>> = E[T] extends EventContract<infer D> ? D : never;

/** An event of one of these types: its type tells its data. */
export type KnownEventOf<E extends EventContracts, T extends TypeIn<E> = TypeIn<E>> = {
  readonly [K in T]: KnownEvent<K, DataOf<E, K>>;
}[T];
