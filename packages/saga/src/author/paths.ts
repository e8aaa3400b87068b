import type { SagaWorkflow } from './definition.ts';
import type { SaidBy, Step, Steps } from './steps.ts';

type Answer<T extends Step> = SaidBy<T> extends { out: infer O } ? Partial<NonNullable<O>> : never;

/**
 * One way through a saga that its example does not take: what is other than usual, laid over the example's input and over what its steps
 * usually answer, member by member.
 */
export interface Path<In = object, A = Readonly<Record<string, object>>> {
  readonly input?: Partial<In>;
  readonly answers?: A;
}

/**
 * What `<saga>.paths.ts` exports: the branches of a flow that its example misses, each under a sentence. They are rehearsed, drawn, and
 * run on the real server, so an answer may be that of a wait or an expected refusal; a service answers what it answers.
 */
export type Paths<W> =
  // oxlint-disable-next-line typescript/no-explicit-any -- two of four parameters are read
  W extends SagaWorkflow<any, infer In, any, infer S extends Steps>
    ? Readonly<Record<string, Path<In, { readonly [K in keyof S]?: Answer<S[K]> }>>>
    : never;
