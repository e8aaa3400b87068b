import type { Action, Service } from '@amends/contracts';
import { ConfigError } from '@amends/runtime/internal';
import type { Variable } from '@amends/runtime/internal';

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

/** The same as it is written down, before the environment is known. */
interface OutsiderTable<Name extends string, Code extends string> extends Pick<
  OutsiderCall<Name, Code>,
  'readRefusal'
> {
  /** `variable('LEGACY_KEY')` is a variable of `packages/runtime/src/config.ts`; a worker does not start while it is unset. */
  readonly headers?: (variable: Variable) => Readonly<Record<string, string>>;
}

/** By service. */
export type OutsiderCalls = Readonly<Record<string, OutsiderCall | undefined>>;

// oxlint-disable-next-line typescript/no-explicit-any -- matches any action
type CodeOf<A> = A extends Action<any, any, infer C, any> ? C : never;

/**
 * Each outsider of the contracts may have an entry; its codes are those of its actions. The function that comes of it is called once a
 * process.
 *
 * @throws ConfigError naming a variable that is unset, or the outsider whose headers no request can have
 */
export const outsiderCalls = <S>(
  _contracts: S,
  calls: {
    // oxlint-disable-next-line typescript/no-explicit-any -- matches a service with any actions
    readonly [N in keyof S as S[N] extends Service<'outside', any> ? N : never]?: S[N] extends Service<
      'outside',
      infer A
    >
      ? OutsiderTable<keyof A & string, CodeOf<A[keyof A]>>
      : never;
  },
): ((variable: Variable) => OutsiderCalls) => {
  const table = Object.entries(calls as Readonly<Record<string, OutsiderTable<string, string>>>);
  return (variable) =>
    Object.fromEntries(
      table.map(([name, { headers, ...call }]) => [
        name,
        { ...call, ...(headers && { headers: sendable(name, headers(variable)) }) },
      ]),
    );
};

const sendable = (outsider: string, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // the error's own words have the value, which may be a secret
    throw new ConfigError(
      `The headers of ${outsider} cannot be sent: a name or a value has characters that HTTP does not allow.`,
    );
  }
};
