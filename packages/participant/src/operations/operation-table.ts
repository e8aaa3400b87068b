/**
 * Where an operation is. `pending` and `undoing` outlive a transaction only where the effect is outside the database (P12): then the row
 * is open, and whoever has its `token` may store what came of it, until the lease has lapsed and somebody else takes it over.
 */
export type OperationState = 'done' | 'refused' | 'undone' | 'blocked' | 'pending' | 'undoing';

/** One row a key. `position` orders a saga's operations by their creation; `body` is the first answer, byte for byte. */
export interface OperationRow {
  readonly position: string;
  readonly key: string;
  readonly saga: string;
  readonly action: string | null;
  readonly state: OperationState;
  readonly fingerprint: string | null;
  readonly input: string | null;
  readonly status: number | null;
  readonly body: string | null;
  readonly memo: string | null;
  /** What is sent to the provider, as it was first made. */
  readonly request: string | null;
  readonly undo_request: string | null;
  /** How often an undo was begun at the provider; more than once when it was refused before. */
  readonly undo_round: number;
  readonly token: string | null;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

/** Idempotent. Inputs, answers and memos are text, not jsonb, which would reorder members. */
export const OPERATION_TABLES = `
create table if not exists saga_operations (
  key text collate "C" primary key,
  position bigint generated always as identity,
  saga text collate "C" not null,
  action text,
  state text not null check (state in ('done', 'refused', 'undone', 'blocked', 'pending', 'undoing')),
  fingerprint text,
  input text,
  status smallint,
  body text,
  memo text,
  request text,
  undo_request text,
  undo_round smallint not null default 0,
  token text,
  lease_until timestamptz,
  saga_started_at timestamptz(3) not null,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  check (state = 'blocked' or (action is not null and fingerprint is not null and input is not null)),
  check (state not in ('done', 'refused', 'undone') or (status is not null and body is not null))
);
create index if not exists saga_operations_of_saga on saga_operations (saga, position);
create index if not exists saga_operations_by_age on saga_operations (saga_started_at);
create table if not exists saga_seals (
  saga text collate "C" primary key,
  saga_started_at timestamptz(3) not null,
  sealed_at timestamptz(3) not null default clock_timestamp()
);
create index if not exists saga_seals_by_age on saga_seals (saga_started_at);
`;
