import type { z } from 'zod';
import type { ReadData } from '@amends/contracts/internal';
import { type DeadLetterReason, eventSubject } from '@amends/contracts/internal';
import { tooMuch } from '@amends/runtime/internal';
import { detailOf, type EventIssue, firstIssues, ISSUES_MAX } from './event-issues.ts';
import type { EventContracts, KnownEvent } from './known-event.ts';
import type { ParsedEvent } from './parse-event.ts';

/** An event that can be used, or why it never can. `id` and `type` as far as they could be read. */
export type Classified =
  | {
      readonly usable: true;
      /** In the newest version of its type, whatever it was sent in. */
      readonly event: KnownEvent;
      /** The type by which it came. */
      readonly sentAs: string;
    }
  | {
      readonly usable: false;
      readonly reason: Extract<DeadLetterReason, 'not-cloudevent' | 'unknown-type' | 'invalid'>;
      readonly id: string | null;
      readonly detail: string;
      readonly issues: readonly EventIssue[];
    };

export type Classify = (parsed: ParsedEvent) => Classified;

/** Where events of a type come by: those of its older versions too. */
export const subjectsOf = (contracts: EventContracts, type: string): string[] =>
  [type, ...(contracts[type]?.older ?? []).map((version) => version.type)].map(eventSubject);

/**
 * The edge, for HTTP and the broker alike: tells what can be used, of a type in the contracts with data of its schema, and makes an older
 * version the newest (E7), so that triggers and handlers see no other.
 */
export const classifyBy = (contracts: EventContracts): Classify => {
  const readers = known.get(contracts) ?? readersOf(contracts);
  known.set(contracts, readers);
  return (parsed) => classifyWith(readers, parsed);
};

interface Reader {
  readonly newest: string;
  readonly read: (data: unknown) => ReadData<unknown>;
  readonly from: string | undefined;
}

/** Made once a table. */
const known = new WeakMap<EventContracts, ReadonlyMap<string, Reader>>();

const readersOf = (contracts: EventContracts): ReadonlyMap<string, Reader> =>
  new Map(
    Object.entries(contracts).flatMap(([newest, { read, older, source: from }]): [string, Reader][] => {
      return [
        [newest, { newest, read, from }],
        ...older.map((version): [string, Reader] => [version.type, { newest, read: version.read, from }]),
      ];
    }),
  );

const classifyWith = (readers: ReadonlyMap<string, Reader>, parsed: ParsedEvent): Classified => {
  if (!parsed.event) {
    return { usable: false, reason: 'not-cloudevent', id: null, detail: detailOf(parsed.why), issues: [] };
  }
  const { id, type, source, subject, data } = parsed.event;
  const reader = readers.get(type);
  if (!reader) {
    const detail = detailOf(`nobody here knows events of type ${type}`);
    return {
      usable: false,
      reason: 'unknown-type',
      id,
      detail,
      issues: firstIssues([{ path: 'type', message: detail }]),
    };
  }
  if (reader.from !== undefined && source !== reader.from) {
    const detail = `only ${reader.from} tells of ${reader.newest}`;
    return { usable: false, reason: 'invalid', id, detail, issues: [{ path: 'source', message: detail }] };
  }
  const { issues, data: read } = readWith(reader, data);
  if (issues) {
    const detail = detailOf(issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
    return { usable: false, reason: 'invalid', id, detail, issues };
  }
  const event: KnownEvent = { type: reader.newest, id, source, subject: subject ?? null, data: read };
  return { usable: true, event, sentAs: type };
};

/** An upcast that throws has met what its schema should have kept out: the event waits in the dead letters until that is mended. */
const readWith = ({ read }: Reader, data: unknown): { issues?: readonly EventIssue[]; data?: unknown } => {
  const why = tooMuch(data);
  if (why !== undefined) return { issues: [{ path: 'data', message: why }] };
  try {
    const checked = read(data);
    return checked.issues ? { issues: firstIssues(checked.issues.slice(0, ISSUES_MAX).map(dataIssue)) } : checked;
  } catch (error) {
    return { issues: firstIssues([{ path: 'data', message: `it cannot be upcast: ${(error as Error).message}` }]) };
  }
};

const dataIssue = ({ path, message }: z.core.$ZodIssue): EventIssue => ({ path: ['data', ...path].join('.'), message });
