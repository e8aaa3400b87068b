/** Grammar of participants.md; `packages/contracts/src/ids.ts` has the same, and a test compares them. */
const SAGA_ID = /^(?:recover:)?[a-z][A-Za-z0-9]{0,63}:(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;
const STEP = /^([a-z][A-Za-z0-9]{0,63})(?::((?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}))?$/;
const MAX_LENGTH = 400;

/** `fulfilOrder:o-1/bookParcel:w-7` in its parts; `saga` is the saga's id. */
export interface OperationKey {
  readonly key: string;
  readonly saga: string;
  readonly step: string;
  readonly instance: string | null;
}

/** undefined when it breaks the grammar. */
export const parseOperationKey = (key: string): OperationKey | undefined => {
  if (key.length > MAX_LENGTH) return undefined;
  const slash = key.lastIndexOf('/');
  const saga = key.slice(0, Math.max(slash, 0));
  const [, step, instance] = STEP.exec(key.slice(slash + 1)) ?? [];
  return isSagaId(saga) && step !== undefined ? { key, saga, step, instance: instance ?? null } : undefined;
};

export const isSagaId = (id: string): boolean => SAGA_ID.test(id);
