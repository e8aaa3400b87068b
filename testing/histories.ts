import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where recorded histories lie, from the repository's folder. */
export const HISTORIES = 'workflows/histories';

/** One line of the manifest: which path of which saga a file holds, and how it ended. */
export interface Recorded {
  readonly saga: string;
  readonly path: string;
  readonly workflowId: string;
  readonly status: string;
  readonly file: string;
}

export const readManifest = async (): Promise<readonly Recorded[]> =>
  JSON.parse(await readFile(path.join(HISTORIES, 'manifest.json'), 'utf8')) as Recorded[];

/** A history as it was recorded: the JSON form of Temporal's own. */
export const readHistory = async ({ file }: Recorded): Promise<unknown> =>
  JSON.parse(await readFile(path.join(HISTORIES, file), 'utf8'));
