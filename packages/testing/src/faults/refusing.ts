import type { CallKind, Step } from '@amends/saga';
import { actionOf, type Application } from '../rehearsal/application.ts';
import type { FaultRule } from './fault-rule.ts';

type Refusing = Pick<FaultRule, 'fault' | 'code' | 'rewrite'>;

/**
 * How a call comes to be refused with that code: its service is asked what the contract's example says it refuses, and does so; where the
 * contract has no such example, the proxy answers for it.
 */
export const refusing = (app: Application, step: Step<CallKind>, code: string): Refusing => {
  const { refusals = {}, example } = actionOf(app, step) ?? {};
  const refused = refusals[code]?.example;
  if (refused === undefined || example === undefined) return { fault: 'refused', code };
  return { fault: 'rewritten', rewrite: (body) => ({ ...(body as object), ...unlike(example.input, refused) }) };
};

/** The members in which the refused example is not the usual one. */
const unlike = (usual: unknown, refused: unknown): object => {
  const members = new Map(Object.entries(usual as object));
  return Object.fromEntries(
    Object.entries(refused as object).filter(
      ([name, value]) => JSON.stringify(members.get(name)) !== JSON.stringify(value),
    ),
  );
};
