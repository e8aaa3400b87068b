import type { SagaContract } from '../../packages/contracts/src/define.ts';
import type { Definition } from '../../packages/saga/src/definition.ts';
import type { Path } from '../../packages/saga/src/paths.ts';

export type AnyContract = SagaContract<unknown, unknown, string>;

/** What is known of a saga without running it. */
export interface KnownSaga {
  readonly definition: Definition;
  readonly contract: AnyContract;
}

/** A saga that is rehearsed, with whatever a child of it may be. */
export interface RehearsedSaga extends KnownSaga {
  /** Sentence → branch, as `<saga>.paths.ts` lists them; the example's own is not among them. */
  readonly paths: Readonly<Record<string, Path>>;
  /** Every saga by name. */
  readonly all: Readonly<Record<string, KnownSaga | undefined>>;
}

/** The way that a saga's example takes. */
export const EXAMPLE = 'its example';
