import { HTTPException } from 'hono/http-exception';

/** What a problem type is sent with. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

export interface ProblemExtras {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** RFC 9457: an `application/problem+json` answer of type `urn:amends:<type>`. */
export const problem = (type: string, { status, title }: ProblemKind, extras: ProblemExtras = {}): Response => {
  const { headers, ...members } = extras;
  return new Response(JSON.stringify({ type: `urn:amends:${type}`, title, status, ...members }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
};

/** The same, to be thrown from inside a handler. */
export const problemError = (type: string, kind: ProblemKind, extras?: ProblemExtras): HTTPException =>
  new HTTPException(kind.status as 400, { res: problem(type, kind, extras) });
