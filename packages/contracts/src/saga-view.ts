import { z } from 'zod';
import { Instant } from './words.ts';

export const SagaEnd = z.enum(['completed', 'compensated', 'cancelled']);
export type SagaEnd = z.infer<typeof SagaEnd>;

export const SagaStatus = z.enum(['running', 'compensating', 'parked', ...SagaEnd.options, 'killed']);
export type SagaStatus = z.infer<typeof SagaStatus>;

/** `pivot` from the pivot's first attempt on, `retriable` past the point of no return. */
export const SagaPhase = z.enum(['compensable', 'pivot', 'retriable']);
export type SagaPhase = z.infer<typeof SagaPhase>;

export const StepKind = z.enum(['compensable', 'pivot', 'retriable', 'event', 'approval', 'child']);
export type StepKind = z.infer<typeof StepKind>;

export const StepState = z.enum(['pending', 'running', 'done', 'refused', 'unknown', 'parked', 'skipped']);
export type StepState = z.infer<typeof StepState>;

export const Discharge = z.enum(['kept', 'compensated', 'nothing-to-undo', 'skipped', 'resolved']);
export type Discharge = z.infer<typeof Discharge>;

/** What failed first. `code` is a refusal's code, else the same word as `outcome`. */
export const Cause = z.object({
  step: z.string().nullable(),
  outcome: z.enum(['refused', 'unknown', 'cancelled', 'deadline', 'error']),
  code: z.string(),
  message: z.string(),
});
export type Cause = z.infer<typeof Cause>;

/** What started a saga. `type` and `source` are an event's. */
export const Trigger = z.object({
  kind: z.enum(['http', 'event', 'saga']),
  id: z.string().nullable(),
  type: z.string().nullable(),
  source: z.string().nullable(),
});
export type Trigger = z.infer<typeof Trigger>;

export const StepView = z.object({
  name: z.string(),
  instance: z.string().nullable(),
  kind: StepKind,
  service: z.string().nullable(),
  lane: z.enum(['fast', 'durable']).nullable(),
  state: StepState,
  discharge: Discharge.nullable(),
  attempt: z.int(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  error: z.string().nullable(),
  undo: z
    .object({ state: z.enum(['running', 'done', 'parked', 'skipped']), attempt: z.int(), error: z.string().nullable() })
    .nullable(),
});
export type StepView = z.infer<typeof StepView>;

/** One act of an operator or caller on a saga. */
export const AuditEntry = z.object({
  at: Instant,
  actor: z.string(),
  action: z.string(),
  step: z.string().nullable(),
  reason: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/**
 * A saga as everybody sees it (design section 6). `version` counts its changes so far and is the strong ETag; a recovery run counts on from
 * beyond all that the killed run has shown. Below zero: no worker could tell more than the start does, and `steps` may be empty.
 * A killed saga is shown as its recovery run has it, once there is one; what it was started with stays its own (S14).
 */
export const SagaView = z.object({
  id: z.string(),
  saga: z.string(),
  key: z.string(),
  status: SagaStatus,
  phase: SagaPhase,
  version: z.int(),
  startedAt: Instant,
  closedAt: Instant.nullable(),
  deadlineAt: Instant.nullable(),
  trigger: Trigger,
  input: z.unknown(),
  result: z.unknown(),
  cause: Cause.nullable(),
  steps: z.array(StepView),
  audit: z.array(AuditEntry),
});
export type SagaView = z.infer<typeof SagaView>;

/** A saga in a list. `step`: of a parked one, the step that waits; else null. `again`: null until a saga can be run again. */
export const SagaSummary = SagaView.pick({
  id: true,
  saga: true,
  key: true,
  status: true,
  startedAt: true,
  closedAt: true,
  deadlineAt: true,
  trigger: true,
}).extend({ step: z.string().nullable(), again: z.null() });
export type SagaSummary = z.infer<typeof SagaSummary>;

/** What `GET /sagas` answers. */
export const SagaList = z.object({ items: z.array(SagaSummary), next: z.string().nullable() });
export type SagaList = z.infer<typeof SagaList>;
