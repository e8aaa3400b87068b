/** Every problem type the kit answers with by itself, after `urn:amends:`. */
export const problems = {
  'key-missing': { status: 400, title: 'The Idempotency-Key header is missing' },
  'key-invalid': { status: 400, title: 'The Idempotency-Key breaks the grammar' },
  'key-mismatch': { status: 422, title: 'The same key came with another request' },
  'started-missing': { status: 400, title: 'The Saga-Started header is missing' },
  'started-invalid': { status: 400, title: 'The Saga-Started header is no RFC 3339 time' },
  'in-flight': { status: 409, title: 'The same key is being worked on' },
  // no client knows this type: it takes the outcome for unknown, which is what it is
  'outcome-unknown': { status: 409, title: 'Nobody knows whether it happened, and it must not be tried twice' },
  busy: { status: 503, title: 'A row it needs is locked by somebody else' },
  undone: { status: 409, title: 'The action has been undone' },
  blocked: { status: 409, title: 'The key is blocked for good' },
  sealed: { status: 409, title: 'The saga is sealed: it may start nothing new here' },
  expired: { status: 410, title: 'The saga is older than what is kept of operations' },
  'not-json': { status: 400, title: 'The body is not JSON' },
  'bad-request': { status: 400, title: 'The request cannot be read' },
  invalid: { status: 422, title: 'The request is not of the published form' },
  unauthorized: { status: 401, title: 'Credentials are missing or wrong' },
  'not-found': { status: 404, title: 'There is nothing here' },
  unavailable: { status: 503, title: 'Something it needs is out of reach; try again' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemType = keyof typeof problems;

/** What a refusal is sent with, of an action or of an undo. */
export const REFUSED_STATUS = 409;

/** What is worth asking again, and after how many seconds. */
export const RETRY_AFTER_SECONDS: Partial<Record<ProblemType, number>> = { 'in-flight': 1, busy: 1, unavailable: 1 };
