import { resolve } from 'node:path';
import type { Urls } from './requests.ts';

export const BY_HAND_QUEUE = 'by-hand';
/** A namespace of its own: its workers must not get the sagas of the engine. */
export const TWO_LANES_NAMESPACE = 'two-lanes';
/** From the application's folder, in which every process runs. */
export const BY_HAND_WORKFLOWS = resolve('bench/by-hand/workflows.ts');

/** What the processes of the bench are told. */
export interface Places {
  /** `host:port` of Temporal. */
  readonly address: string;
  readonly urls: Urls;
  /** On which the front listens. */
  readonly port: number;
}

export const readPlaces = (text: string | undefined): Places => JSON.parse(text ?? '{}') as Places;
