import type { App, SagaContract, SagaEventType } from '@amends/contracts';
import type { DataOf, TypeIn } from '@amends/events';
import type { TriggerRule } from './trigger-rule.ts';

type SagaIn<A extends App> = Extract<keyof A['sagas'], string>;
// oxlint-disable-next-line typescript/no-explicit-any -- matches any saga
type InputOf<A extends App, S extends SagaIn<A>> = A['sagas'][S] extends SagaContract<infer I, any, any> ? I : never;

/** What an event can cause. */
export interface Rules<A extends App> {
  /** Starts the saga, with an input made of the event's data. */
  readonly start: <S extends SagaIn<A>, D>(saga: S, input: (data: D) => InputOf<A, S>) => TriggerRule<D>;
  /** Cancels the saga of that key. */
  readonly cancel: <D>(saga: SagaIn<A>, key: (data: D) => string, reason: (data: D) => string) => TriggerRule<D>;
  /** Tells the saga of that key, one of whose steps waits for such an event, or will. */
  readonly signal: <D>(saga: SagaIn<A>, key: (data: D) => string) => TriggerRule<D>;
  /** Known, and told to others: nothing is started by it. */
  readonly nothing: { readonly does: 'nothing' };
}

/** What each type of event does. What sagas tell of themselves concerns services, and no saga, and has no line. */
export type TriggerTable<A extends App> = {
  readonly [T in Exclude<TypeIn<A['events']>, SagaEventType<SagaIn<A>>>]: TriggerRule<DataOf<A['events'], T>>;
};

/** The triggers of an application. */
export interface Triggers {
  /** What a type of event does; `nothing` of one that has no rule. */
  readonly ruleOf: (type: string) => TriggerRule<unknown>;
  /** The types that may come too late for their saga: they cancel one, or tell it something. */
  readonly late: readonly string[];
}

const nothing = { does: 'nothing' } as const;

/**
 * Says what each event does: every type of the application but its sagas' own has its line.
 *
 * @throws TypeError when a rule names a saga that the application does not have
 */
export const defineTriggers = <const A extends App>(app: A, table: (rules: Rules<A>) => TriggerTable<A>): Triggers => {
  const keyOf = (saga: string): ((input: unknown) => string) => {
    const contract = Object.hasOwn(app.sagas, saga) ? app.sagas[saga] : undefined;
    if (contract === undefined)
      throw new TypeError(`A trigger names the saga "${saga}", which the application does not have.`);
    return contract.key as (input: unknown) => string;
  };
  const known = <const R extends { readonly saga: string }>(rule: R): R => {
    keyOf(rule.saga);
    return rule;
  };
  const rules: Rules<A> = {
    start: (saga, input) => {
      const key = keyOf(saga);
      return { does: 'start', saga, input, key: (data) => key(input(data)) };
    },
    cancel: (saga, key, reason) => known({ does: 'cancel', saga, key, reason }),
    signal: (saga, key) => known({ does: 'signal', saga, key }),
    nothing,
  };
  const byType = new Map(Object.entries(table(rules) as Readonly<Record<string, TriggerRule<unknown>>>));
  return {
    ruleOf: (type) => byType.get(type) ?? nothing,
    late: [...byType].filter(([, { does }]) => does === 'cancel' || does === 'signal').map(([type]) => type),
  };
};

/** Events of one saga are taken in the order in which they came. */
export const sagaOf =
  ({ ruleOf }: Triggers) =>
  ({ type, data }: { readonly type: string; readonly data: unknown }): string => {
    const rule = ruleOf(type);
    return rule.does === 'nothing' ? '' : `${rule.saga}:${rule.key(data)}`;
  };
