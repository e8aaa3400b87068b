import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stage } from '../stage.ts';

export const MANIFEST = 'manifest.json';

/** Where the recorded histories of an application lie: beside its workflows. */
export const historiesOf = ({ workflowsFile }: Pick<Stage, 'workflowsFile'>): string =>
  path.join(path.dirname(workflowsFile), 'histories');

/** One line of the manifest: which path of which saga a file holds, and how it ended. */
export interface Recorded {
  readonly saga: string;
  readonly path: string;
  readonly workflowId: string;
  readonly status: string;
  readonly file: string;
}

export const readManifest = async (folder: string): Promise<readonly Recorded[]> =>
  JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as Recorded[];

/** A history in the JSON form of Temporal's own; payloads are base64. */
export interface History {
  readonly events: readonly {
    readonly eventType: string;
    readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } };
    /** A local activity. */
    readonly markerRecordedEventAttributes?: {
      readonly details?: Readonly<Record<string, { readonly payloads?: readonly { readonly data?: string }[] }>>;
      readonly failure?: unknown;
    };
  }[];
}

/** Every recorded history, with its line of the manifest. */
export const readHistories = async (folder: string): Promise<readonly (Recorded & { readonly history: History })[]> =>
  Promise.all(
    (await readManifest(folder)).map(async (one) => {
      const text = await readFile(path.join(folder, one.file), 'utf8');
      return { ...one, history: JSON.parse(text) as History };
    }),
  );
