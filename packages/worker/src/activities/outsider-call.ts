/** What an outsider has answered. `body`: its JSON value; its text where it is not JSON; null where there is none. */
export interface OutsiderAnswer<Name extends string = string> {
  readonly action: Name;
  readonly status: number;
  readonly body: unknown;
}

/** How an outsider is called: what it wants that participants do not. */
export interface OutsiderCall {
  /** With every request to it, such as its own credentials. Ours never go to it. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The refusal code that an answer means, whatever its status; undefined: it is no refusal. It is asked before anything else is made of the
   * answer, and may only name a code that the action's contract has.
   */
  readonly readRefusal?: ((answer: OutsiderAnswer) => string | undefined) | undefined;
}

/** By service. */
export type OutsiderCalls = Readonly<Record<string, OutsiderCall | undefined>>;
