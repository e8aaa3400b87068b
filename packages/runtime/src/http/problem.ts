import { HTTPException } from 'hono/http-exception';

/** What a problem type is sent with. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** One thing that is wrong with a request. */
export interface ProblemIssue {
  readonly path: string;
  readonly message: string;
}

export interface ProblemExtras {
  readonly detail?: string;
  readonly errors?: readonly ProblemIssue[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whoever mends a request mends it by the first few; the last one says how many more there are. */
const ERRORS_MAX = 20;
const PATH_MAX_CHARS = 200;
const TEXT_MAX_CHARS = 500;

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max)}…`);

/** As many of what is wrong as an answer may hold, each of bounded length. */
export const boundedErrors = (errors: readonly ProblemIssue[]): ProblemIssue[] => [
  ...errors
    .slice(0, ERRORS_MAX)
    .map(({ path, message }) => ({ path: cut(path, PATH_MAX_CHARS), message: cut(message, TEXT_MAX_CHARS) })),
  ...(errors.length > ERRORS_MAX ? [{ path: '', message: `and ${errors.length - ERRORS_MAX} more` }] : []),
];

export const boundedDetail = (detail: string): string => cut(detail, TEXT_MAX_CHARS);

/** RFC 9457: an `application/problem+json` answer of type `urn:amends:<type>`; what it says is bounded, whatever was sent. */
export const problem = (type: string, { status, title }: ProblemKind, extras: ProblemExtras = {}): Response => {
  const { headers, detail, errors } = extras;
  const members = {
    ...(detail !== undefined && { detail: boundedDetail(detail) }),
    ...(errors !== undefined && { errors: boundedErrors(errors) }),
  };
  const said = { type: `urn:amends:${type}`, title: cut(title, TEXT_MAX_CHARS), status, ...members };
  return new Response(JSON.stringify(said), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
};

/** The same, to be thrown from inside a handler. */
export const problemError = (type: string, kind: ProblemKind, extras?: ProblemExtras): HTTPException =>
  new HTTPException(kind.status as 400, { res: problem(type, kind, extras) });
