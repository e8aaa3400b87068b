import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { createHttpApp, type Log } from '@amends/runtime';
import type { Bank } from './bank.ts';
import type { ProviderAnswer, Wish } from './decide.ts';
import { fateOf, type Lossy } from './lossy.ts';

/** Who can reach the port: programs of this machine alone, or the network. */
export type Reach = 'this-machine' | 'network';

type OverHttp = { Bindings: HttpBindings };

const Words = z.string().min(1).max(500);
const Amount = z.int().min(0);
const HoldBody = z.object({ reference: Words, amount: Amount, currency: z.string().length(3), card: Words });
const RefundBody = z.object({ hold: Words, amount: Amount });
const Query = z.object({ reference: z.string().optional(), cursor: z.coerce.number().int().min(0).default(0) });

const PAGE_SIZE = 200;

/**
 * A card provider, as a third party might offer one: it holds money on cards, takes it, lets it go and gives it back.
 *
 * Every `POST` carries a `Request-Reference` of up to 500 characters: the same again is one effect and one answer; with
 * another body it is 422 `reference_reused`. Errors are `{error: {code, message}}`. `GET /holds?reference=&cursor=` →
 * `{items, next}` is for people.
 */
export const createApp = ({
  bank,
  log,
  maxBodyBytes,
  lossy,
  reach,
}: {
  bank: Bank;
  log: Log;
  maxBodyBytes: number;
  lossy?: Lossy | undefined;
  reach?: Reach | undefined;
}): Hono<OverHttp> => {
  const app = createHttpApp<OverHttp>({ log, maxBodyBytes, ready: () => bank.checkSpace(), reach });
  const attempts = new Map<string, number>();

  const answered = async (c: Context<OverHttp>, wishOf: () => Promise<Wish | undefined>): Promise<Response> => {
    const key = c.req.header('request-reference') ?? '';
    if (!Words.safeParse(key).success) return toResponse(c, wrong(400, 'reference_missing', 'no Request-Reference'));
    const wish = await wishOf();
    if (wish === undefined) return toResponse(c, wrong(400, 'bad_request', 'the body is not of the form'));
    const attempt = (attempts.get(key) ?? 0) + 1;
    if (lossy !== undefined) attempts.set(key, attempt);
    const fate = lossy && fateOf(lossy, key, attempt);
    if (fate === 'unavailable') return toResponse(c, wrong(503, 'unavailable', 'try again'));
    if (fate === 'request-lost') return hangUp(c);
    const answer = await bank.ask(key, wish);
    if (fate === 'answer-lost') return hangUp(c);
    return toResponse(c, answer === 'reused' ? wrong(422, 'reference_reused', 'it came with another body') : answer);
  };

  app.post('/holds', (c) => answered(c, () => bodyOf(c, HoldBody).then((body) => body && { wish: 'hold', ...body })));
  app.post('/refunds', (c) =>
    answered(c, () => bodyOf(c, RefundBody).then((body) => body && { wish: 'refund', ...body })),
  );
  for (const wish of ['capture', 'void'] as const) {
    app.post(`/holds/:hold/${wish}`, (c) => answered(c, async () => ({ wish, hold: c.req.param('hold') })));
  }
  app.get('/holds', (c) => {
    const query = Query.safeParse(c.req.query());
    if (!query.success) return toResponse(c, wrong(400, 'bad_request', 'the query is not of the form'));
    const { reference, cursor } = query.data;
    const all = bank.holds().filter((hold) => reference === undefined || hold.reference === reference);
    const next = cursor + PAGE_SIZE < all.length ? String(cursor + PAGE_SIZE) : null;
    return c.json({ items: all.slice(cursor, cursor + PAGE_SIZE), next });
  });
  return app;
};

const bodyOf = async <T>(c: Context, form: z.ZodType<T>): Promise<T | undefined> => {
  try {
    return form.parse(JSON.parse(await c.req.text()));
  } catch {
    return undefined;
  }
};

const wrong = (status: number, code: string, message: string): ProviderAnswer => ({
  status,
  body: { error: { code, message } },
});

const toResponse = (c: Context, { status, body }: ProviderAnswer): Response => c.json(body, status as 200);

/** Not a byte is answered. */
const hangUp = (c: Context<OverHttp>): Response => {
  c.env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
};
