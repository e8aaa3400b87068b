import { setImmediate } from 'node:timers/promises';
import type { Problem } from '@amends/contracts';
import { classifyBy, type Classified } from './classify.ts';
import { type Dispatcher, OUTCOMES, type Outcome } from './dispatch.ts';
import type { CountEvent } from './event-counts.ts';
import { detailOf } from './event-issues.ts';
import { eventProblem } from './event-problem.ts';
import { type EventResult, fitted } from './event-results.ts';
import type { EventContracts, KnownEvent } from './known-event.ts';
import type { ReceivedEvent, TellLate } from '../letters/late-events.ts';
import { parseBatch } from './parse-batch.ts';
import { type ParsedEvent, parseMessage, textOf } from './parse-event.ts';

const BATCH = /^application\/cloudevents-batch\+json\s*(;|$)/i;
const BATCH_MAX_EVENTS = 1_000;
const AT_ONCE = 16;

/** What `POST /events` answers: counts, and a result an event in the order in which they came. */
export interface EventsTaken {
  readonly accepted: number;
  readonly duplicate: number;
  readonly ignored: number;
  readonly late: number;
  readonly results: readonly EventResult[];
}

/** `problem`: why it is not 202; `taken` is null when nothing was looked at. */
export type EventsReceived =
  | { readonly problem: null; readonly taken: EventsTaken }
  | { readonly problem: Problem; readonly taken: EventsTaken | null };

type LineOf = (event: KnownEvent) => string;

export interface ReceiveOptions {
  /** What each type says, and in which older versions it is still taken. */
  readonly contracts: EventContracts;
  /** Events that it answers the same for are taken in the order in which they came, all others side by side. */
  readonly lineOf: LineOf;
  /** Where late events are told; for a dispatcher to which none is late it may be left out. */
  readonly tellLate?: TellLate;
  readonly count?: CountEvent;
}

/**
 * `POST /events` (design section 6): one event in binary or structured mode, or a batch; header names in lower case.
 *
 * Good events of a batch are taken in every case. The problem is `unavailable` (503) when any is worth repeating, and sending
 * all of them again is harmless; else that of the first bad one. `not-json` (400), `not-cloudevent` (415) and `too-large` (413, more than
 * 1,000 events) are about the whole request, of which nothing was looked at.
 */
export const receiveEvents = async (
  dispatcher: Dispatcher,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array },
  { contracts, ...options }: ReceiveOptions,
): Promise<EventsReceived> => {
  const classify = classifyBy(contracts);
  const read = (parsed: ParsedEvent): Received => ({
    ...classify(parsed),
    original: parsed.event ? parsed : undefined,
  });
  if (BATCH.test(headers['content-type'] ?? '')) {
    const batch = parseBatch(textOf(body) ?? '', BATCH_MAX_EVENTS);
    if (!batch.events) return { problem: eventProblem(batch.fault, { detail: detailOf(batch.why) }), taken: null };
    const items: Received[] = [];
    for (const event of batch.events) {
      items.push(read(event));
      // a sender may make much of each: others have their turn between two
      await setImmediate();
    }
    return takeAll(dispatcher, items, options);
  }
  const parsed = parseMessage(headers, body);
  if (!parsed.event) {
    return {
      problem: eventProblem(parsed.notJson ? 'not-json' : 'not-cloudevent', { detail: detailOf(parsed.why) }),
      taken: null,
    };
  }
  return takeAll(dispatcher, [read(parsed)], options);
};

const takeAll = async (
  dispatcher: Dispatcher,
  items: readonly Received[],
  { lineOf, ...options }: Omit<ReceiveOptions, 'contracts'>,
): Promise<EventsReceived> => {
  const results: EventResult[] = [];
  const queue = [...inLines(items, lineOf)];
  const lane = async (): Promise<void> => {
    for (let group = queue.shift(); group; group = queue.shift()) {
      for (const index of group) {
        const item = items[index];
        if (item) results[index] = { index, ...(await resultOf(dispatcher, item, options)) };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, lane));

  const bad = results.filter(({ problem }) => problem !== null);
  const worst = bad.find(({ outcome }) => outcome === 'unavailable') ?? bad[0];
  const problem = worst?.problem ?? null;
  const taken = { ...countsOf(results), results: fitted(results, problem) };
  return problem ? { problem, taken } : { problem: null, taken };
};

/** Events of one line are taken in the order of the batch, those of different ones side by side. */
const inLines = (items: readonly Classified[], lineOf: LineOf): Iterable<number[]> => {
  const groups = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const group = item.usable ? lineOf(item.event) : '';
    const members = groups.get(group);
    if (members) members.push(index);
    else groups.set(group, [index]);
  }
  return groups.values();
};

type Received = Classified & { readonly original: ReceivedEvent | undefined };

const resultOf = async (
  dispatcher: Dispatcher,
  item: Received,
  { tellLate, count }: Pick<ReceiveOptions, 'tellLate' | 'count'>,
): Promise<Omit<EventResult, 'index'>> => {
  const result = item.usable ? await taken(dispatcher, item.event, item.original, tellLate) : unusable(item);
  count?.((item.usable ? item.event : item.original?.event)?.type ?? null, result.outcome);
  return result;
};

const taken = async (
  dispatcher: Dispatcher,
  event: KnownEvent,
  original: ReceivedEvent | undefined,
  tellLate: TellLate | undefined,
): Promise<Omit<EventResult, 'index'>> => {
  const { outcome, problem, late } = await dispatcher.dispatch(event, { original: original?.event });
  const { id } = event;
  if (!late || !original || !tellLate) return { id, outcome, problem };
  try {
    await tellLate(original, late);
    return { id, outcome, problem };
  } catch {
    const detail = 'it came too late for its saga, and nobody can be told now';
    return { id, outcome: 'unavailable', problem: eventProblem('unavailable', { detail }) };
  }
};

const unusable = ({ id, detail, issues }: Extract<Classified, { usable: false }>): Omit<EventResult, 'index'> => {
  const problem = eventProblem('invalid', { detail, errors: [...issues] });
  return { id, outcome: 'invalid', problem };
};

const countsOf = (results: readonly EventResult[]) => {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of results) counts[outcome] += 1;
  const { accepted, duplicate, ignored, late } = counts;
  return { accepted, duplicate, ignored, late };
};
