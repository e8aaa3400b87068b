import type { Action, Service } from '@amends/contracts';

/** What an outsider has answered. `body`: its JSON value; its text where it is not JSON; null where there is none. */
export interface OutsiderAnswer<Name extends string = string> {
  readonly action: Name;
  readonly status: number;
  readonly body: unknown;
}

/** How an outsider is called: what it wants that participants do not. */
export interface OutsiderCall<Name extends string = string, Code extends string = string> {
  /** With every request to it, such as its own credentials. Ours never go to it. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The refusal code that an answer means, whatever its status; undefined: it is no refusal. It is asked before anything else is made of the
   * answer, and may only name a code that the action's contract has.
   */
  readonly readRefusal?: (answer: OutsiderAnswer<Name>) => Code | undefined;
}

/** By service. */
export type OutsiderCalls = Readonly<Record<string, OutsiderCall | undefined>>;

// oxlint-disable-next-line typescript/no-explicit-any -- matches any action
type CodeOf<A> = A extends Action<any, any, infer C, any> ? C : never;

/** Each outsider of the contracts may have an entry; its codes are those of its actions. */
export const outsiderCalls = <S>(
  _contracts: S,
  calls: {
    // oxlint-disable-next-line typescript/no-explicit-any -- matches a service with any actions
    readonly [N in keyof S as S[N] extends Service<'outside', any> ? N : never]?: S[N] extends Service<
      'outside',
      infer A
    >
      ? OutsiderCall<keyof A & string, CodeOf<A[keyof A]>>
      : never;
  },
): OutsiderCalls => calls;
