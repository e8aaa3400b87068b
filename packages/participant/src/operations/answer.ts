import { boundedDetail, boundedErrors } from '@amends/runtime/internal';
import { participantProblems, PROBLEM_PREFIX } from '@amends/contracts/protocol';

/** What is sent back, before it is HTTP. */
export interface Answer {
  readonly status: number;
  /** JSON, byte for byte as it is stored. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether every repeat of the request is answered the same from now on. */
  readonly final: boolean;
}

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

type ProblemType = keyof typeof participantProblems;

/** What is worth asking again, and after how many seconds. */
const RETRY_AFTER_SECONDS: Partial<Record<ProblemType, number>> = { 'in-flight': 1, busy: 1, unavailable: 1 };

/** An answer from a record; `replayed` when the record was there before. */
export const recorded = ({ status, body }: { status: number; body: string }, replayed: boolean): Answer => ({
  status,
  body,
  headers: {
    'content-type': status < 300 ? JSON_TYPE : PROBLEM_TYPE,
    ...(replayed && { 'idempotent-replayed': 'true' }),
  },
  final: true,
});

/** An answer that another request of the process was given, for one that asked the same meanwhile. */
export const replay = ({ status, body }: Answer): Answer => recorded({ status, body }, true);

/** A list, which may be another one next time. */
export const page = (value: unknown, replayed = false): Answer => ({
  ...recorded({ status: 200, body: JSON.stringify(value) }, replayed),
  final: false,
});

interface Extras {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem of the kit's own; nothing of it is stored. */
export const problem = (type: ProblemType, { headers, ...extras }: Extras = {}): Answer => {
  const retryAfter = RETRY_AFTER_SECONDS[type];
  return {
    status: participantProblems[type].status,
    body: problemText(type, participantProblems[type], extras),
    headers: {
      'content-type': PROBLEM_TYPE,
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...headers,
    },
    final: false,
  };
};

/** RFC 9457. */
export const problemText = (
  type: string,
  { status, title }: { status: number; title: string },
  { detail, errors }: Omit<Extras, 'headers'> = {},
): string =>
  JSON.stringify({
    type: `${PROBLEM_PREFIX}${type}`,
    title,
    status,
    ...(detail !== undefined && { detail: boundedDetail(detail) }),
    ...(errors && { errors: boundedErrors(errors) }),
  });

export const toResponse = ({ status, body, headers }: Answer): Response => new Response(body, { status, headers });
