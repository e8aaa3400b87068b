import { TRY_LATER } from '@amends/contracts/internal';
import { problemWords } from '@amends/contracts';
import { readBeginning, type Receiver, retryAfterMs } from '@amends/runtime/internal';
import { STRUCTURED_MODE } from '../edge/new-event.ts';
import { FinalRefusal, NotNow, SetUpWrong, type Target } from './target.ts';

/** How long a receiver may take; shorter than an attempt of the activity that publishes (10 s). */
const PUSH_TIMEOUT_MS = 5_000;
const RETRY_AFTER_MAX_MS = 30_000;
/** Of an answer that is none of ours, enough to know it by. */
const ANSWER_MAX_BYTES = 64_000;
const REASON_MAX = 1_000;
/** That say that the receiver, or its address, or our token is not set up for us. */
const SET_UP_WRONG: readonly number[] = [401, 403, 415, 421];

/**
 * A receiver at `<url>/events`, who is sent each event of its types by itself, in structured mode (E8). Any 2xx means that it has the
 * event; 408, 425, 429, 5xx and a redirect, which is not followed, that it is to be sent again; 401, 403, 415 and 421 that
 * the set-up is wrong: it is sent again, too. Any other 4xx is final. `token` is shown as a bearer.
 */
export const pushTarget = ({ name, url, types }: Receiver, token?: string): Target => ({
  name,
  types,
  deliver: async (event) => {
    const { answer, text } = await post(`${url}/events`, {
      method: 'POST',
      headers: { ...STRUCTURED_MODE, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(event),
      redirect: 'manual',
      signal: AbortSignal.timeout(PUSH_TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`${name} did not answer: ${whyOf(error)}`, { cause: error });
    });
    if (answer.ok) return;
    const said = `${name} answered ${answer.status}${reasonIn(text)}`;
    if (SET_UP_WRONG.includes(answer.status)) throw new SetUpWrong(said);
    const isFinal = answer.status >= 400 && answer.status < 500 && !TRY_LATER.includes(answer.status);
    throw isFinal
      ? new FinalRefusal(said)
      : new NotNow(said, retryAfterMs(answer.headers.get('retry-after'), RETRY_AFTER_MAX_MS));
  },
});

const post = async (url: string, init: RequestInit): Promise<{ answer: Response; text: string }> => {
  const answer = await fetch(url, init);
  // read, so that the connection can be used again
  return { answer, text: (await readBeginning(answer, ANSWER_MAX_BYTES)).text };
};

/** `fetch failed` says nothing; its cause does. */
const whyOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
};

const reasonIn = (text: string): string => {
  const reason = problemWords(text);
  return reason === '' ? '' : `: ${reason.slice(0, REASON_MAX)}`;
};
