/** The problem types that a participant answers with (participants.md), after `urn:amends:`. `status` is what each is sent with. */
export const participantProblems = {
  'key-missing': { status: 400, title: 'The Idempotency-Key header is missing' },
  'key-invalid': { status: 400, title: 'The Idempotency-Key breaks the grammar' },
  'key-mismatch': { status: 422, title: 'The same key came with another request' },
  'started-missing': { status: 400, title: 'The Saga-Started header is missing' },
  'started-invalid': { status: 400, title: 'The Saga-Started header is no RFC 3339 time' },
  'in-flight': { status: 409, title: 'The same key is being worked on' },
  // no client knows what to make of it, so that it takes the outcome for what it is
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
} as const satisfies Record<string, ProblemKind>;

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** Every problem type that Amends answers with. */
export const problems = {
  ...participantProblems,
  'too-large': { status: 413, title: 'The body is over the limit' },
  'not-cloudevent': { status: 415, title: 'The body is not a CloudEvent' },
  'unsupported-type': { status: 415, title: 'The body is neither JSON nor a CloudEvent by its content-type' },
  misdirected: { status: 421, title: 'This process answers to localhost, 127.0.0.1 and [::1] only' },
  forbidden: { status: 403, title: 'Only programs of this machine may ask this' },
  'method-not-allowed': { status: 405, title: 'That method does not exist on this path' },
  conflict: { status: 409, title: 'It conflicts with what is already so' },
  'past-pivot': { status: 409, title: 'The saga is past its point of no return' },
  closed: { status: 409, title: 'The saga has ended' },
  undoing: { status: 409, title: 'The saga is being undone for another cause' },
  'not-parked': { status: 409, title: 'That step is not parked' },
  'not-allowed': { status: 409, title: 'That is no act for this step' },
  'not-waiting': { status: 409, title: 'The saga waits for that no more' },
  'version-mismatch': { status: 412, title: 'The saga has changed since it was read' },
  internal: { status: 500, title: 'Something broke on this side' },
} as const satisfies Record<string, ProblemKind>;

export const PROBLEM_PREFIX = 'urn:amends:';

/** What a refusal is sent with, of an action or of an undo: `urn:amends:refused:<code>`. */
export const REFUSED_STATUS = 409;
