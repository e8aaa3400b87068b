import { z } from 'zod';
import { refuse, type Outside } from '@amends/participant';

/** The card provider as payments asks it; each call once a key. What is not a definite no is thrown as a failure: not known. */
export interface CardProvider {
  /** Answers the hold's id. @throws Refusal `declined`, `expired` */
  readonly hold: (wanted: WantedHold, outside: Outside) => Promise<string>;
  /** Answers when it was taken. @throws Refusal `authorization-lapsed` */
  readonly capture: (hold: string, outside: Outside) => Promise<string>;
  /** @throws Refusal `captured` */
  readonly letGo: (hold: string, outside: Outside) => Promise<void>;
  /** @throws Refusal `exceeds-payment` */
  readonly refund: (hold: string, amount: number, outside: Outside) => Promise<void>;
}

export interface WantedHold {
  readonly reference: string;
  /** In minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly card: string;
}

const Held = z.object({ id: z.string() });
const Captured = z.object({ capturedAt: z.iso.datetime() });
const Failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** `url`: where it is, without a slash at its end. */
export const createCardProvider = (url: string): CardProvider => {
  const post = async <T>(
    path: string,
    body: unknown,
    { key, signal }: Outside,
    { form, noes }: { form: z.ZodType<T>; noes: Readonly<Record<string, string>> },
  ): Promise<T> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'request-reference': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    const json: unknown = await answer.json();
    if (answer.ok) return form.parse(json);
    const { code, message } = Failed.safeParse(json).data?.error ?? { code: 'no code', message: 'nothing' };
    const no = answer.status < 500 ? noes[code] : undefined;
    if (no !== undefined) throw refuse(no, message);
    throw new Error(`the card provider answered ${answer.status} ${code}: ${message}`);
  };
  return {
    hold: async (wanted, outside) => {
      const noes = { card_declined: 'declined', card_expired: 'expired' };
      return (await post('/holds', wanted, outside, { form: Held, noes })).id;
    },
    capture: async (hold, outside) => {
      const noes = { hold_voided: 'authorization-lapsed', hold_unknown: 'authorization-lapsed' };
      return (await post(`${pathOf(hold)}/capture`, {}, outside, { form: Captured, noes })).capturedAt;
    },
    letGo: async (hold, outside) => {
      await post(`${pathOf(hold)}/void`, {}, outside, { form: Held, noes: { hold_captured: 'captured' } });
    },
    refund: async (hold, amount, outside) => {
      const noes = { exceeds_captured: 'exceeds-payment' };
      await post('/refunds', { hold, amount }, outside, { form: Held, noes });
    },
  };
};

const pathOf = (hold: string): string => `/holds/${encodeURIComponent(hold)}`;
