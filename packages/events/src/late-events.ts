import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import type { CloudEvent } from 'cloudevents';
import { lateSubject } from '@amends/contracts/internal';
import { fingerprint } from '@amends/runtime/internal';
import type { Log } from '@amends/runtime/internal';
import type { Broker, BrokerConnection } from './connect-broker.ts';
import { bytesOf } from './dead-letters.ts';
import { writeNatsEvent } from './nats-binding.ts';

const PUBLISH_TIMEOUT_MS = 5_000;
/** What the protocol itself adds to a message. */
const ENVELOPE_BYTES = 1_024;

/** An event that came too late for its saga: a cancel past the point of no return or the end, any other past the end (E4). */
export interface Late {
  readonly saga: string;
  readonly why: 'past-pivot' | 'closed';
}

/** Keeps a late event for whoever wants to see to it. Resolves when it is kept; a repeat is harmless. */
export type TellLate = (event: CloudEvent<unknown>, late: Late) => Promise<void>;

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

/** Puts an event to the late ones: subject `amends.late.<type>`, as it came. Resolves when the broker has it on its disk. */
export const writeLate = async (
  { js, nc }: Broker,
  { type, headers, payload, id, at }: LateMessage,
  { saga, why }: Late,
): Promise<void> => {
  const written = natsHeaders();
  for (const [name, values] of headers) for (const value of values) written.append(name, value);
  written.set(LATE_HEADERS.saga, saga);
  written.set(LATE_HEADERS.why, why);
  written.set(LATE_HEADERS.time, new Date().toISOString());
  const bytes = Buffer.byteLength(payload);
  const fits = bytes <= (nc.info?.max_payload ?? Infinity) - bytesOf(written) - ENVELOPE_BYTES;
  if (!fits) written.set(LATE_HEADERS.bodyAt, at ?? `nowhere: ${bytes} bytes are more than the broker takes`);
  // what a sender calls its event may hold anything, and no header does
  const options = { headers: written, msgID: `late/${fingerprint(id)}`, timeout: PUBLISH_TIMEOUT_MS };
  await js.publish(lateSubject(type), fits ? payload : undefined, options);
};

/** Late events go to the broker; rejects within 11 s when it is not known to have one. */
export const lateToBroker =
  (connection: Pick<BrokerConnection, 'use'>): TellLate =>
  async (event, late) => {
    const { headers, payload } = writeNatsEvent(event);
    const { type, source, id } = event;
    await writeLate(await connection.use(PUBLISH_TIMEOUT_MS), { type, headers, payload, id: [source, id] }, late);
  };

/** Where there is no broker a late event is a line of the log, with all that it says. */
export const lateToLog =
  (log: Log): TellLate =>
  async (event, { saga, why }) => {
    log.warn({ saga, why, event: event.toJSON() }, 'an event came too late');
  };
