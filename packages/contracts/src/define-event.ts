import type { z } from 'zod';

/** An event type's name ends in its version: `shop.order.placed.v1`. */
export type VersionedType = `${string}.v${number}`;

/** Data as the newest version of its type has it, or what is wrong with it, in the version in which it came. */
export type ReadData<D> =
  | { readonly data: D; readonly issues?: never }
  | { readonly issues: readonly z.core.$ZodIssue[]; readonly data?: never };

/** A version that is published no more, and still taken: whoever receives it reads the newest (E7). */
export interface OlderVersion<D> {
  readonly type: VersionedType;
  /** As it was published. */
  readonly data: z.ZodType;
  readonly example: unknown;
  /** @throws what an upcast throws, which it should not */
  readonly read: (data: unknown) => ReadData<D>;
}

/**
 * What is said by one type of event, in its newest version.
 *
 * - `publishedBy`: a service of the shop, or `sagas`; `when`: what has happened, in words.
 * - `source`: the only CloudEvents source of which it is believed; default any.
 * - `older`: versions that whoever sends events may still send.
 */
export interface EventContract<D> {
  readonly publishedBy: string;
  readonly source?: string;
  readonly when: string;
  readonly data: z.ZodType<D>;
  readonly example: D;
  readonly read: (data: unknown) => ReadData<D>;
  readonly older: readonly OlderVersion<D>[];
}

export const event = <D>({
  older = [],
  ...spec
}: {
  publishedBy: string;
  source?: string;
  when: string;
  data: z.ZodType<D>;
  example: NoInfer<D>;
  older?: readonly OlderVersion<NoInfer<D>>[];
}): EventContract<D> => ({
  ...spec,
  read: (value) => readBy(spec.data, value),
  older: older.map((version) => ({ ...version, read: (value) => heldTo(spec.data, version.read(value)) })),
});

/**
 * The version before, and by its own `older` those before that: each says how its data becomes the next version's, so that a new version
 * needs one `upcast` however many there were. It may depend on nothing but the data: an event that comes twice must be read the same twice.
 */
export const olderVersion = <Old, D>(
  type: VersionedType,
  {
    upcast,
    older = [],
    ...spec
  }: {
    data: z.ZodType<Old>;
    example: NoInfer<Old>;
    upcast: (old: NoInfer<Old>) => D;
    older?: readonly OlderVersion<NoInfer<Old>>[];
  },
): readonly OlderVersion<D>[] => {
  const onward = (old: ReadData<Old>): ReadData<D> => (old.issues ? old : { data: upcast(old.data) });
  return [
    { ...spec, type, read: (value) => onward(readBy(spec.data, value)) },
    ...older.map((before) => ({
      ...before,
      read: (value: unknown) => onward(heldTo(spec.data, before.read(value))),
    })),
  ];
};

const readBy = <D>(schema: z.ZodType<D>, value: unknown): ReadData<D> => {
  const { data, error } = schema.safeParse(value);
  return error ? { issues: error.issues } : { data };
};

/** What an upcast makes is held against the schema of what it should be. */
const heldTo = <D>(schema: z.ZodType<D>, upcast: ReadData<D>): ReadData<D> =>
  upcast.issues ? upcast : readBy(schema, upcast.data);
