import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos, type WithRequired } from '@nats-io/transport-node';
import {
  EVENTS_MAX_AGE_DAYS,
  LATE_MAX_AGE_DAYS,
  DEAD_LETTER_STREAM,
  EVENTS_STREAM,
  LATE_STREAM,
  lateSubject,
} from '@amends/contracts/internal';
import { DELIVERIES_STREAM, DELIVERIES_SUBJECTS } from './delivery-record.ts';
import { TOLD_STREAM, TOLD_SUBJECTS } from './told.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long an event may wait for whoever takes it. */
export const EVENTS_MAX_AGE_MS = EVENTS_MAX_AGE_DAYS * DAY_MS;
/** Within it the broker drops a repeat of a `msgID`: an optimisation, consumers deduplicate. */
const DUPLICATE_WINDOW_MS = 2 * 60 * 1_000;
const MIB = 1_048_576;

type Config = WithRequired<Partial<StreamConfig>, 'name'>;

/** A full stream refuses what is new, which its sender then keeps; it never drops what it has taken. */
const kept = { storage: StorageType.File, retention: RetentionPolicy.Limits, discard: DiscardPolicy.New } as const;

const STREAMS: readonly Config[] = [
  {
    ...kept,
    name: EVENTS_STREAM,
    subjects: ['events.>'],
    max_age: nanos(EVENTS_MAX_AGE_MS),
    max_bytes: 1_024 * MIB,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  },
  // A dead letter stays until an operator has dealt with it.
  {
    ...kept,
    name: DEAD_LETTER_STREAM,
    subjects: ['dlq.>'],
    max_bytes: 256 * MIB,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  },
  {
    ...kept,
    name: LATE_STREAM,
    subjects: [lateSubject('>')],
    max_age: nanos(LATE_MAX_AGE_DAYS * DAY_MS),
    max_bytes: 256 * MIB,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  },
  {
    ...kept,
    name: TOLD_STREAM,
    subjects: [TOLD_SUBJECTS],
    max_age: nanos(EVENTS_MAX_AGE_MS),
    max_bytes: 128 * MIB,
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    allow_direct: true,
    deny_delete: true,
  },
  {
    ...kept,
    name: DELIVERIES_STREAM,
    subjects: [DELIVERIES_SUBJECTS],
    max_age: nanos(EVENTS_MAX_AGE_MS),
    max_bytes: 128 * MIB,
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.Old,
  },
];

/**
 * Makes the streams that are missing, and answers all as they are. May be called by everybody at any time, and by many at once.
 *
 * One that is there keeps what its operator has set (replicas, limits), but for what is promised: its subjects, its age, and that it drops
 * nothing that it has taken.
 */
export const ensureStreams = async (jsm: JetStreamManager): Promise<readonly StreamInfo[]> => {
  const streams: StreamInfo[] = [];
  for (const stream of STREAMS) streams.push(await ensureStream(jsm, stream));
  return streams;
};

const ensureStream = async (jsm: JetStreamManager, wanted: Config): Promise<StreamInfo> => {
  const found = await findOrAdd(jsm, wanted);
  const { config } = found;
  const promised = {
    subjects: wanted.subjects ?? [],
    max_age: wanted.max_age ?? 0,
    discard: wanted.discard ?? DiscardPolicy.New,
  };
  const isKept =
    config.max_age === promised.max_age &&
    config.discard === promised.discard &&
    String(config.subjects) === String(promised.subjects);
  return isKept ? found : jsm.streams.update(wanted.name, { ...config, ...promised });
};

const findOrAdd = async (jsm: JetStreamManager, wanted: Config): Promise<StreamInfo> => {
  try {
    return await jsm.streams.info(wanted.name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.StreamNotFound) throw error;
  }
  // Adding what somebody else has just added with the same settings is no error.
  return jsm.streams.add(wanted);
};
