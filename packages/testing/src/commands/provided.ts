import type { MatrixAsked } from '../matrix/part.ts';

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merged into vitest's own
  export interface ProvidedContext extends ProvidedByCommands {}
}

/** What the commands that run tests provide for them. */
export interface ProvidedByCommands {
  /** What of the failure matrix is to be run; without it the fixed part is. */
  readonly matrix?: MatrixAsked;
  /** The file that exports the application's stage. */
  readonly stage?: string;
}
