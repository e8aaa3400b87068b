import type { EventData, EventType } from '../../../contracts/events.ts';

/** An event whose type is in the contracts and whose data has been parsed by its schema. */
export type KnownEvent<T extends EventType = EventType> = {
  readonly [K in T]: {
    readonly type: K;
    readonly id: string;
    readonly source: string;
    /** The business key, where the sender gave one. */
    readonly subject: string | null;
    readonly data: EventData<K>;
  };
}[T];
