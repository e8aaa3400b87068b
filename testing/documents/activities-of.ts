import { readFile } from 'node:fs/promises';

/** Of a history in the JSON form of Temporal's own, what is read here; payloads are base64. */
interface History {
  readonly events: readonly {
    readonly markerRecordedEventAttributes?: {
      readonly details?: Readonly<Record<string, { readonly payloads?: readonly { readonly data?: string }[] }>>;
    };
  }[];
}

interface LocalActivity {
  readonly seq: number;
  readonly activity_type: string;
}

const isLocal = (value: unknown): value is LocalActivity =>
  typeof value === 'object' && value !== null && 'activity_type' in value && 'seq' in value;

/** The steps, seals and undos of a recorded run that was all in the fast lane, in the order in which the saga called them. */
export const activitiesOf = async (file: string): Promise<string[]> => {
  const { events } = JSON.parse(await readFile(file, 'utf8')) as History;
  const local = events.flatMap(({ markerRecordedEventAttributes }) => {
    const data = markerRecordedEventAttributes?.details?.['data']?.payloads?.[0]?.data;
    if (data === undefined) return [];
    const value: unknown = JSON.parse(Buffer.from(data, 'base64').toString());
    return isLocal(value) ? [value] : [];
  });
  return local
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ activity_type: type }) => type)
    .filter((type) => !type.startsWith('engine:'));
};
