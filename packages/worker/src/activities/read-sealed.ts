import { OperationList } from '@amends/contracts/internal';
import type { SealedOperation } from '@amends/contracts/internal';

/** More pages than any saga has; past it the participant does not end its list. */
const PAGES_MAX = 1_000;

/** A seal's whole list, page by page: complete, because no new action can follow a seal (P10). */
export const readSealed = async (
  ask: (query: string) => (read: (json: unknown) => OperationList) => Promise<OperationList>,
): Promise<readonly SealedOperation[]> => {
  const items: SealedOperation[] = [];
  let query = '';
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items: some, next } = await ask(query)((json) => sealed(OperationList.parse(json)));
    items.push(
      ...some.map(({ key, step, instance, action, state, startedAt }) => ({
        key,
        step,
        instance,
        action,
        state,
        startedAt,
      })),
    );
    if (next === null) return items;
    query = `?cursor=${encodeURIComponent(next)}`;
  }
  throw new Error(`a seal's list goes on after ${PAGES_MAX} pages`);
};

/** A list of a saga that is not sealed is complete only until the next action. */
const sealed = (list: OperationList): OperationList => {
  if (list.sealed) return list;
  throw new Error('the participant lists the saga without having sealed it');
};
