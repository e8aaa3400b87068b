import type { AnyExternal, AnyHandler, External } from '../contract.ts';
import type { Kit } from '../kit.ts';
import type { OperationRow } from '../operations/operation-table.ts';

/**
 * Makes an effect outside the database out of its three functions, which agree on the forms of request and result. `prepare` and `call` name
 * the codes that they refuse with, both the same ones, where they refuse at all: `(tx: Tx, input: Input, { refuse }: Refusing<'declined'>)`,
 * `(request, outside: Outside<'declined'>)`.
 */
export const external = <Given, Out, Request, Result, Code extends string = never>(
  effect: External<Given, Out, Code, Request, Result>,
): External<Given, Out, NoInfer<Code>> => effect as unknown as External<Given, Out, Code>;

export const isExternal = (effect: AnyHandler['do'] | AnyHandler['undo']): effect is AnyExternal =>
  typeof effect === 'object';

/** The effect that an open row waits for. @throws Error when the service has it no longer */
export const effectOf = ({ handlers }: Pick<Kit, 'handlers'>, { key, action, state }: OperationRow): AnyExternal => {
  const handler = handlers[action ?? ''];
  const effect = state === 'undoing' ? handler?.undo : handler?.do;
  if (isExternal(effect)) return effect;
  throw new Error(`${key} is ${state}, and ${action} has no effect outside the database that could end it`);
};
