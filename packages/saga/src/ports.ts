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
> {
  readonly service: string;
  readonly action: string;
  readonly kind: Kind;
  readonly [said]?: { in: In; out: Out; code: Refused; undo: Undo };
}

type Said<P extends Port> = NonNullable<P[typeof said]>;
export type Input<P extends Port> = Said<P>['in'];
export type Output<P extends Port> = Said<P>['out'];
export type Code<P extends Port> = Said<P>['code'];
export type UndoName<P extends Port> = Said<P>['undo'];
export type Participant = Port & { readonly kind: 'participant' };

export type Ports<S, K extends ServiceKind> = {
  // oxlint-disable-next-line typescript/no-explicit-any -- matches a service with any actions
  readonly [N in keyof S as S[N] extends Service<K, any> ? N : never]: S[N] extends Service<K, infer A>
    ? { readonly [M in keyof A]: A[M] extends Action<infer I, infer O, infer C, infer U> ? Port<I, O, C, U, K> : never }
    : never;
};

const byName = <T>(make: (name: string) => unknown): T => new Proxy({}, { get: (_, name) => make(String(name)) }) as T;

/** The services of that kind, by name. Only their types cross into the workflow bundle, never zod. */
export const ports = <S, K extends ServiceKind>(kind: K): Ports<S, K> =>
  byName<Ports<S, K>>((service) => byName((action) => ({ service, action, kind })));
