import { z } from 'zod';
import type { Outside } from '@amends/participant';
import { readBeginning } from '@amends/runtime';

/** The card provider as payments asks it; each call once a key. Its no is a refusal; whatever else is thrown means: not known. */
export interface CardProvider {
  /** Answers the hold's id. */
  readonly hold: (wanted: WantedHold, outside: Outside<'declined' | 'expired'>) => Promise<string>;
  /** Answers when it was taken. */
  readonly capture: (hold: string, outside: Outside<'authorization-lapsed'>) => Promise<string>;
  readonly letGo: (hold: string, outside: Outside<'captured'>) => Promise<void>;
  readonly refund: (hold: string, amount: number, outside: Outside<'exceeds-payment'>) => Promise<void>;
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

const ANSWER_MAX_BYTES = 64_000;

/** `url`: where it is, without a slash at its end. */
export const createCardProvider = (url: string): CardProvider => {
  const post = async <T, Code extends string>(
    path: string,
    body: unknown,
    { key, signal, refuse }: Outside<Code>,
    { form, noes }: { form: z.ZodType<T>; noes: Readonly<Record<string, Code>> },
  ): Promise<T> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'request-reference': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    const { text, isWhole } = await readBeginning(answer, ANSWER_MAX_BYTES);
    if (!isWhole) throw new Error(`the card provider answered more than ${ANSWER_MAX_BYTES} bytes`);
    const json: unknown = JSON.parse(text);
    if (answer.ok) return form.parse(json);
    const { code, message } = Failed.safeParse(json).data?.error ?? { code: 'no code', message: 'nothing' };
    const no = answer.status < 500 ? noes[code] : undefined;
    if (no !== undefined) throw refuse(no, message);
    throw new Error(`the card provider answered ${answer.status} ${code}: ${message}`);
  };
  return {
    hold: async (wanted, outside) => {
      const noes = { card_declined: 'declined', card_expired: 'expired' } as const;
      return (await post('/holds', wanted, outside, { form: Held, noes })).id;
    },
    capture: async (hold, outside) => {
      const noes = { hold_voided: 'authorization-lapsed', hold_unknown: 'authorization-lapsed' } as const;
      return (await post(`${pathOf(hold)}/capture`, {}, outside, { form: Captured, noes })).capturedAt;
    },
    letGo: async (hold, outside) => {
      await post(`${pathOf(hold)}/void`, {}, outside, { form: Held, noes: { hold_captured: 'captured' } });
    },
    refund: async (hold, amount, outside) => {
      const noes = { exceeds_captured: 'exceeds-payment' } as const;
      await post('/refunds', { hold, amount }, outside, { form: Held, noes });
    },
  };
};

const pathOf = (hold: string): string => `/holds/${encodeURIComponent(hold)}`;
