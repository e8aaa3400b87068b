import { z } from 'zod';

/** Grammar of participants.md: no `/` or `#` inside a part, and no part that URLs take as a way (decision 0005). */
const BUSINESS_KEY = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;
const SAGA_ID = /^(?:recover:)?([a-z][A-Za-z0-9]{0,63}):((?!\.{1,2}$)[A-Za-z0-9._~-]{1,128})$/;
const IDEMPOTENCY_KEY =
  /^((?:recover:)?[a-z][A-Za-z0-9]{0,63}:(?!\.{1,2}\/)[A-Za-z0-9._~-]{1,128})\/([a-z][A-Za-z0-9]{0,63})(?::((?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}))?$/;
const IDEMPOTENCY_KEY_MAX = 400;

/** A business key or a step's instance: 1 to 128 of letters, digits and `._~-`, but neither `.` nor `..`. */
export const BusinessKey = z
  .string()
  .regex(BUSINESS_KEY, 'must be 1 to 128 letters, digits or ._~-, and neither . nor ..');

/** What a caller or an author may give as a key or an instance: endings of `~n` are the engine's own. */
export const GivenKey = z
  .string()
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,120}$/, 'must be 1 to 120 letters, digits or ._-, and neither . nor ..');

/** `fulfilOrder`, `o-1001` → `fulfilOrder:o-1001`, which is also the Temporal workflow id. */
export const sagaId = (saga: string, key: string): string => `${saga}:${key}`;

/** The inverse of {@link sagaId}; undefined when it is none. */
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

/** What an `Idempotency-Key` says: `fulfilOrder:o-1/bookParcel:w-7`; undefined when it breaks the grammar. */
export const parseIdempotencyKey = (
  key: string,
): { saga: string; step: string; instance: string | null } | undefined => {
  if (key.length > IDEMPOTENCY_KEY_MAX) return undefined;
  const [, saga, step, instance] = IDEMPOTENCY_KEY.exec(key) ?? [];
  return saga !== undefined && step !== undefined ? { saga, step, instance: instance ?? null } : undefined;
};

/** A step as routes and operators name it: `bookParcel` or `bookParcel:w-7`. */
export const stepId = (step: string, instance: string | null): string =>
  instance === null ? step : `${step}:${instance}`;
