import type { Path } from '@amends/saga';
import type { Application, KnownSaga } from './application.ts';

/** A saga that is rehearsed, with the application that it is of. */
export interface RehearsedSaga extends KnownSaga {
  /** Sentence → branch, as `<saga>.paths.ts` lists them; the example's own is not among them. */
  readonly paths: Readonly<Record<string, Path>>;
  readonly app: Application;
}

/** The way that a saga's example takes. */
export const EXAMPLE = 'its example';
