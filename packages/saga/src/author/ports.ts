import type { Action, Service, ServiceKind } from '@amends/contracts';

declare const said: unique symbol;

/** One action of one service, as a saga names it: two words at run time, everything else is type. */
export interface Port<
  // oxlint-disable-next-line typescript/no-explicit-any -- the bound of every port
  In = any,
  // oxlint-disable-next-line typescript/no-explicit-any -- the bound of every port
  Out = any,
  Refused extends string = string,
  Undo extends string | undefined = string | undefined,
  Kind extends ServiceKind = ServiceKind,
  Repeatable extends boolean = boolean,
> {
  readonly service: string;
  readonly action: string;
  readonly kind: Kind;
  /** May be asked again: a participant by its key, an outsider where its contract says so. */
  readonly repeatable: Repeatable;
  readonly [said]?: { in: In; out: Out; code: Refused; undo: Undo };
}

type Said<P extends Port> = NonNullable<P[typeof said]>;
export type Input<P extends Port> = Said<P>['in'];
export type Output<P extends Port> = Said<P>['out'];
export type Code<P extends Port> = Said<P>['code'];
export type UndoName<P extends Port> = Said<P>['undo'];
export type Participant = Port & { readonly kind: 'participant' };
/** Of an outsider, and not repeatable: it is sent once. */
export type SentOnce = Port & { readonly kind: 'outside'; readonly repeatable: false };

export type Ports<S, K extends ServiceKind> = {
  // oxlint-disable-next-line typescript/no-explicit-any -- matches a service with any actions
  readonly [N in keyof S as S[N] extends Service<K, any> ? N : never]: S[N] extends Service<K, infer A>
    ? {
        readonly [M in keyof A]: A[M] extends Action<infer I, infer O, infer C, infer U, infer R>
          ? Port<I, O, C, U, K, K extends 'participant' ? true : R>
          : never;
      }
    : never;
};

type RepeatableIn<A> = { readonly [M in keyof A as A[M] extends { readonly repeatable: true } ? M : never]: true };

/** Each outsider's actions whose contract says `repeatable: true`: types do not cross into a running workflow, so they are said again. */
type Repeatables<S> = {
  readonly [
    // oxlint-disable-next-line typescript/no-explicit-any -- matches a service with any actions
    N in keyof S as S[N] extends Service<'outside', any>
      ? keyof RepeatableIn<S[N]['actions']> extends never
        ? never
        : N
      : never
  ]: S[N] extends { readonly actions: infer A } ? RepeatableIn<A> : never;
};

const byName = <T>(make: (name: string) => unknown): T => new Proxy({}, { get: (_, name) => make(String(name)) }) as T;

/** What an application says of its outsiders: nothing, where none has a repeatable action. */
export type RepeatablesOf<S> = keyof Repeatables<S> extends never ? [] : [repeatable: Repeatables<S>];

/**
 * The services of that kind, by name. Only their types cross into the workflow bundle, never zod.
 *
 * @param repeatable which actions of outsiders may be asked again: `{ loyalty: { setLevel: true } }`
 */
export const ports = <S, K extends ServiceKind>(kind: K, repeatable: object = {}): Ports<S, K> => {
  const table = repeatable as Readonly<Record<string, Readonly<Record<string, true>> | undefined>>;
  const mayRepeat = (service: string, action: string): boolean =>
    kind === 'participant' || (Object.hasOwn(table, service) && Object.hasOwn(table[service] ?? {}, action));
  return byName<Ports<S, K>>((service) =>
    byName((action) => ({ service, action, kind, repeatable: mayRepeat(service, action) })),
  );
};
