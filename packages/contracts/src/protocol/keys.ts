// How sagas, steps and operations are named (participants.md): no `/` or `#` inside a part, and no part that URLs take as a way (decision 0005).

const NAME = '[a-z][A-Za-z0-9]{0,63}';
const KEY = '(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,128}';
const SAGA_ID = new RegExp(`^(?:recover:)?(${NAME}):(${KEY})$`);
const STEP_ID = new RegExp(`^(${NAME})(?::(${KEY}))?$`);
const IDEMPOTENCY_KEY_MAX = 400;

/** A business key or a step's instance: 1 to 128 of letters, digits and `._~-`, but neither `.` nor `..`. */
export const KEY_GRAMMAR: RegExp = new RegExp(`^${KEY}$`);

/** What a caller or an author may give as a key or an instance, 1 to 120: endings of `~n` are the engine's own. */
export const GIVEN_KEY_GRAMMAR: RegExp = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,120}$/;

/** `fulfilOrder`, `o-1001` → `fulfilOrder:o-1001`, which is also the Temporal workflow id. */
export const sagaId = (saga: string, key: string): string => `${saga}:${key}`;

/** Whether it is the id of a saga, or of the run that recovers one: `recover:fulfilOrder:o-1001`. */
export const isSagaId = (id: string): boolean => SAGA_ID.test(id);

/** The inverse of {@link sagaId}, also of the id of a run that recovers it; undefined when it is none. */
export const parseSagaId = (id: string): { saga: string; key: string } | undefined => {
  const [, saga, key] = SAGA_ID.exec(id) ?? [];
  return saga !== undefined && key !== undefined ? { saga, key } : undefined;
};

const RECOVERY = 'recover:';

/** The workflow id of the run that recovers the saga of that id when it was killed (S14). */
export const recoveryId = (id: string): string => `${RECOVERY}${id}`;

/** The saga that the workflow of that id recovers; undefined when it recovers none. */
export const recoveredBy = (workflowId: string): string | undefined =>
  workflowId.startsWith(RECOVERY) ? workflowId.slice(RECOVERY.length) : undefined;

/** `fulfilOrder:o-1/bookParcel:w-7` in its parts; `saga` is the saga's id. */
export interface OperationKey {
  readonly key: string;
  readonly saga: string;
  readonly step: string;
  readonly instance: string | null;
}

/** What an `Idempotency-Key` says; undefined when it breaks the grammar, or has more than 400 characters. */
export const parseOperationKey = (key: string): OperationKey | undefined => {
  if (key.length > IDEMPOTENCY_KEY_MAX) return undefined;
  const slash = key.lastIndexOf('/');
  const saga = key.slice(0, Math.max(slash, 0));
  const [, step, instance] = STEP_ID.exec(key.slice(slash + 1)) ?? [];
  return isSagaId(saga) && step !== undefined ? { key, saga, step, instance: instance ?? null } : undefined;
};

/** A step as routes and operators name it, and its part of an `Idempotency-Key`: `bookParcel` or `bookParcel:w-7`. */
export const stepId = (step: string, instance: string | null): string =>
  instance === null ? step : `${step}:${instance}`;
