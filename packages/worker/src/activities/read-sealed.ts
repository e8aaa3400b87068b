import { FAST_ANSWER_MAX_BYTES, OperationList, type SealedPart } from '@amends/contracts/internal';

/** A part of a list is answered once it has this much: several may end in one workflow task. */
const PART_BYTES = 200_000;
/** The rest of a part's last page, and the envelope. */
const FAST_PART_BYTES = FAST_ANSWER_MAX_BYTES / 2;

/**
 * A part of a seal's list, from `cursor` on, page by page: complete once `next` is null, because no new action can follow a seal (P10). A list
 * of any length comes in parts that the history takes (S15, S20).
 */
export const readSealed = async (
  ask: (query: string) => (read: (json: unknown) => OperationList) => Promise<OperationList>,
  { cursor, fast }: { cursor: string | null; fast: boolean },
): Promise<SealedPart> => {
  const items: SealedPart['items'][number][] = [];
  let bytes = 0;
  for (let next = cursor; ;) {
    const query = next === null ? '' : `?cursor=${encodeURIComponent(next)}`;
    const page = await ask(query)((json) => sealed(OperationList.parse(json)));
    if (page.next !== null && page.next === next) throw new Error("a page of a seal's list names itself as the next");
    const some = page.items.map(({ key, step, instance, action, state, startedAt }) => ({
      key,
      step,
      instance,
      action,
      state,
      startedAt,
    }));
    items.push(...some);
    bytes += Buffer.byteLength(JSON.stringify(some));
    next = page.next;
    if (next === null || bytes >= (fast ? FAST_PART_BYTES : PART_BYTES)) return { items, next };
  }
};

/** A list of a saga that is not sealed is complete only until the next action. */
const sealed = (list: OperationList): OperationList => {
  if (list.sealed) return list;
  throw new Error('the participant lists the saga without having sealed it');
};
