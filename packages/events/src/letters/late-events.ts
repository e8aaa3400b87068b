import type { MsgHdrs } from '@nats-io/transport-node';
import type { LateEventToTell, LateWhy } from '@amends/contracts/internal';
import { lateSubject } from '@amends/contracts/internal';
import { fingerprint } from '@amends/runtime/internal';
import type { Log } from '@amends/runtime/internal';
import type { Broker } from '../broker/broker.ts';
import type { BrokerConnection } from '../broker/connect-broker.ts';
import { bytesOf, enclose } from './letter-form.ts';
import { structuredHeaders } from '../broker/nats-binding.ts';
import type { ParsedEvent } from '../edge/parse-event.ts';
import { tellOnce } from '../broker/told.ts';

const PUBLISH_TIMEOUT_MS = 5_000;
/** What the protocol itself adds to a message. */
const ENVELOPE_BYTES = 1_024;

/** An event that came too late for its saga: a cancel past the point of no return, while it is undone, or past the end; any other past the end (E4). */
export interface Late {
  readonly saga: string;
  readonly why: LateWhy;
}

/** An event as it came over HTTP. */
export type ReceivedEvent = Extract<ParsedEvent, { json: string }>;

/** Keeps a late event for whoever wants to see to it. Resolves when it is kept; a repeat is harmless. */
export type TellLate = (received: ReceivedEvent, late: Late) => Promise<void>;

/** The headers a late event has besides its own. */
const LATE_HEADERS = {
  saga: 'Amends-Late-Saga',
  why: 'Amends-Late-Why',
  /** When it was found to be late, RFC 3339. */
  time: 'Amends-Late-Time',
  /** Only where the event left no room for these headers: `<stream> <sequence>`, where its bytes are, if they are anywhere. */
  bodyAt: 'Amends-Late-Body-At',
} as const;

interface LateMessage {
  readonly type: string;
  readonly headers: MsgHdrs;
  readonly payload: Uint8Array | string;
  /** Source and id, which tell the event from any other. */
  readonly id: readonly [source: string, id: string];
  /** `<stream> <sequence>` of the event at the broker, if it came from there. */
  readonly at?: string;
}

/** Puts an event to the late ones, once within 7 days: subject `amends.late.<type>`, as it came. Resolves when the broker has it on its disk. */
export const writeLate = async (
  broker: Broker,
  { type, id, at, ...event }: LateMessage,
  { saga, why }: Late,
): Promise<void> => {
  const { headers: written, payload } = enclose(event);
  written.set(LATE_HEADERS.saga, saga);
  written.set(LATE_HEADERS.why, why);
  written.set(LATE_HEADERS.time, new Date().toISOString());
  const bytes = Buffer.byteLength(payload);
  const fits = bytes <= (broker.nc.info?.max_payload ?? Infinity) - bytesOf(written) - ENVELOPE_BYTES;
  if (!fits) written.set(LATE_HEADERS.bodyAt, at ?? `nowhere: ${bytes} bytes are more than the broker takes`);
  const message = { subject: lateSubject(type), payload: fits ? payload : '', headers: written };
  await tellOnce(broker, `late.${fingerprint(id)}`, message);
};

/** Late events go to the broker; rejects within 11 s when it is not known to have one. */
export const lateToBroker =
  (connection: Pick<BrokerConnection, 'use'>): TellLate =>
  async ({ event: { type, source, id }, json: payload }, late) => {
    const message = { type, headers: structuredHeaders(), payload, id: [source, id] } as const;
    await writeLate(await connection.use(PUBLISH_TIMEOUT_MS), message, late);
  };

/** Where there is no broker a late event is a line of the log, with its text. */
export const lateToLog =
  (log: Log): TellLate =>
  async ({ json: event }, { saga, why }) => {
    log.warn({ saga, why, event }, 'an event came too late');
  };

/** A late event that a saga tells itself: in structured mode, whole, or its attributes and where all of it is. */
export const sagaTellsLate =
  (connection: Pick<BrokerConnection, 'use'>) =>
  async ({ event, at, saga, why }: LateEventToTell): Promise<void> => {
    const [type, source, id] = [event['type'], event['source'], event['id']].map(String);
    const headers = structuredHeaders();
    if (at !== null && event['data'] === undefined && event['data_base64'] === undefined)
      headers.set(LATE_HEADERS.bodyAt, at);
    const message = {
      type: type ?? '',
      headers,
      payload: JSON.stringify(event),
      id: [source ?? '', id ?? ''] as const,
      ...(at !== null && { at }),
    };
    await writeLate(await connection.use(PUBLISH_TIMEOUT_MS), message, { saga, why });
  };

/** The same where there is no broker. */
export const sagaTellsLateToLog =
  (log: Log) =>
  async ({ event, saga, why }: LateEventToTell): Promise<void> => {
    log.warn({ saga, why, event }, 'an event came too late');
  };
