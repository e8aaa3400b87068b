/** Which order is worked on: `byHand:<order>`, and when that began (`workflowInfo().startTime.toISOString()`). */
export interface Run {
  readonly saga: string;
  readonly startedAt: string;
}

/** Where each service is. */
export type Urls = Readonly<Record<'orders' | 'inventory' | 'payments' | 'shipping' | 'notifications', string>>;

/** The service's answer is final and negative. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** What says that the same request may be decided otherwise later. */
const LATER = ['urn:amends:in-flight', 'urn:amends:busy', 'urn:amends:unavailable'];

/**
 * One request to a service that takes part, with its key.
 *
 * @throws RefusedError for a final negative answer; Error for all that may be repeated
 */
export const post = async <T>(url: string, { saga, startedAt }: Run, step: string, body: unknown): Promise<T> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${saga}/${step}`, 'saga-started': startedAt },
    ...(body !== null && { body: JSON.stringify(body) }),
  });
  const json = (await answer.json()) as T & { type?: string };
  if (answer.ok) return json;
  const said = `${url} answered ${answer.status} ${json.type}`;
  if (answer.status < 500 && answer.status !== 429 && !LATER.includes(json.type ?? '')) throw new RefusedError(said);
  throw new Error(said);
};
