import { z } from 'zod';
import type { EventContract } from '@amends/contracts';
import { dataSchema } from '@amends/contracts/internal';

/** What a version of a type said when it was first published. */
const PublishedVersion = z.object({ schema: z.record(z.string(), z.unknown()), example: z.unknown() });
export const PublishedVersions = z.record(z.string(), PublishedVersion);
export type PublishedVersions = z.infer<typeof PublishedVersions>;

type Contracts = Readonly<Record<string, EventContract<unknown>>>;

const HOW = 'CONTRIBUTING.md, "Adding an event", says how';

const versionsOf = (contracts: Contracts) =>
  new Map(
    Object.entries(contracts).flatMap(([type, contract]) =>
      [{ ...contract, type }, ...contract.older].map((version) => [version.type, version] as const),
    ),
  );

/** What is published now, but what was published before stays as it was: a change of it never gets in. */
export const withNewVersions = (before: PublishedVersions, contracts: Contracts): PublishedVersions => {
  const now = [...versionsOf(contracts)].map(([type, { data, example }]) => [
    type,
    { schema: dataSchema(data), example },
  ]);
  return { ...(Object.fromEntries(now) as PublishedVersions), ...before };
};

/** Where the contracts break what was published (E7), each in a sentence that says what to do; none when they keep it. */
export const brokenVersions = (before: PublishedVersions, contracts: Contracts): readonly string[] => {
  const now = versionsOf(contracts);
  return Object.entries(before).flatMap(([type, { schema, example }]) => {
    const version = now.get(type);
    if (!version)
      return [
        `${type} was published and is gone: it stays, as an older version of the type that takes its place. ${HOW}.`,
      ];
    if (canonical(dataSchema(version.data)) !== canonical(schema)) {
      return [`${type} was published with another schema: put that back, and make the change a new version. ${HOW}.`];
    }
    return isRead(version, example)
      ? []
      : [`the example with which ${type} was published is refused now: loosen that, or make it a new version. ${HOW}.`];
  });
};

/** A rule that no JSON schema can say shows here alone, and so does an upcast that breaks. */
const isRead = ({ read }: Pick<EventContract<unknown>, 'read'>, example: unknown): boolean => {
  try {
    return read(example).issues === undefined;
  } catch {
    return false;
  }
};

/** Members in one order: schemas that say the same in another order are the same. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
