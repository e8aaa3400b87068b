import type { Action, App, Service } from '@amends/contracts';
import type { OutsiderAnswer, OutsiderCall } from './activities/outsider-call.ts';

/** What a service is spared. The fast lane is no part of it: there the sagas' own slots and the service's breaker are the bound. */
export interface ServiceLimit {
  /** Durable attempts a second from all workers together: the server holds it, at the service's task queue. */
  readonly callsPerSecond: number;
  /** Durable attempts in flight from one worker process: what a slow service can keep waiting, the others do not notice. */
  readonly callsAtOnce: number;
}

/** More than a service of one process does in a second: it bounds a storm of retries, not the daily work. */
const USUAL: ServiceLimit = { callsPerSecond: 200, callsAtOnce: 50 };

/** How one service is called. */
export interface ServiceCalls extends ServiceLimit, Pick<OutsiderCall, 'readRefusal'> {}

/** How each service is called, by name. */
export interface Calls {
  readonly [service: string]: ServiceCalls;
}

// oxlint-disable typescript/no-explicit-any -- matches any action
type CodeOf<A> = A extends Action<any, any, infer Code, any, any> ? Code : never;

/** What may be said of one service: of an outsider also how it refuses, by a code of its actions' contracts. */
export type CallsTo<S> = Partial<ServiceLimit> &
  (S extends Service<'outside', infer A>
    ? {
        /** As `readRefusal` of an {@link OutsiderCall}. */
        readonly readRefusal?: (answer: OutsiderAnswer<keyof A & string>) => CodeOf<A[keyof A]> | undefined;
      }
    : unknown);
// oxlint-enable typescript/no-explicit-any

/** What an application says of its services, where one is not called as usual. */
export type CallsOf<A extends App> = { readonly [N in keyof A['services']]?: CallsTo<A['services'][N]> };

/**
 * How each service of an application is called: one that is not named gets 200 calls a second, and 50 at once. Every worker must say the
 * same numbers, since the server goes by what it heard last.
 *
 * @throws TypeError naming the service whose number is not above zero
 */
export const defineCalls = <A extends App>({ services }: A, calls: CallsOf<A>): Calls => {
  const said = calls as Readonly<Record<string, Partial<ServiceCalls> | undefined>>;
  const all = Object.keys(services).map((name) => [name, { ...USUAL, ...said[name] }] as const);
  for (const [name, { callsPerSecond, callsAtOnce }] of all) {
    if (callsPerSecond > 0 && callsAtOnce > 0) continue;
    throw new TypeError(`The calls to ${name} must be more than none, a second and at once.`);
  }
  return Object.fromEntries(all);
};

/** What that service is spared; one that the table does not name is taken for a usual one. */
export const limitOf = (calls: Calls, service: string): ServiceLimit =>
  Object.hasOwn(calls, service) ? (calls[service] ?? USUAL) : USUAL;
