import { setTimeout as pause } from 'node:timers/promises';
import type { Order } from '../contracts/orders.ts';
import type { Case } from './cases.ts';
import { BY_HAND_QUEUE, TWO_LANES_NAMESPACE } from './by-hand/places.ts';

/** What is measured side by side; the first is what the others are compared with. */
export const VARIANTS = ['by-hand', 'two-lanes', 'amends', 'empty', 'bare'] as const;
export type VariantName = (typeof VARIANTS)[number];

/** One of them: what it is, which cases it can play, and which of the processes are its own. */
export interface Variant {
  readonly title: string;
  readonly cases: readonly Case[];
  /** Its way in, and its workers, as the processes are called; services and servers work for all. */
  readonly wayIn: 'api' | 'front';
  readonly workers: 'workers' | 'by-hand-worker' | 'two-lanes-worker' | null;
  /** Where its runs are in Temporal; null when it has none. */
  readonly run: { readonly namespace: string; readonly idOf: (orderId: string) => string } | null;
  /** Whether it leaves in the services what an order leaves. */
  readonly hasEffects: boolean;
}

export const VARIANT: Readonly<Record<VariantName, Variant>> = {
  'by-hand': {
    title: 'by hand, ordinary activities',
    cases: ['happy', 'refused', 'cancelled'],
    wayIn: 'front',
    workers: 'by-hand-worker',
    run: { namespace: 'default', idOf: (orderId) => `byHand:${orderId}` },
    hasEffects: true,
  },
  'two-lanes': {
    title: 'by hand, in our two lanes',
    // it does not know how to be cancelled
    cases: ['happy', 'refused'],
    wayIn: 'front',
    workers: 'two-lanes-worker',
    run: { namespace: TWO_LANES_NAMESPACE, idOf: (orderId) => `handWrittenOrder:${orderId}` },
    hasEffects: true,
  },
  amends: {
    title: 'Amends',
    cases: ['happy', 'refused', 'cancelled'],
    wayIn: 'api',
    workers: 'workers',
    run: { namespace: 'default', idOf: (orderId) => `fulfilOrder:${orderId}` },
    hasEffects: true,
  },
  empty: {
    title: `an empty workflow (queue ${BY_HAND_QUEUE})`,
    cases: ['happy'],
    wayIn: 'front',
    workers: 'by-hand-worker',
    run: { namespace: 'default', idOf: (orderId) => `empty:${orderId}` },
    hasEffects: false,
  },
  bare: {
    title: 'bare HTTP calls',
    cases: ['happy', 'refused'],
    wayIn: 'front',
    workers: null,
    run: null,
    hasEffects: true,
  },
};

/** Where the two ways in are. */
export interface WaysIn {
  readonly api: string;
  readonly front: string;
}

/** A view asks for no longer than this; then it is asked for again. */
const WAIT_S = 30;
const ASK_AGAIN_MS = 200;
const UNAVAILABLE = 503;
/** Past this one that has not ended never will. */
const ENDS_WITHIN_MS = 180_000;

const asJson = { 'content-type': 'application/json' };

/** Starts an order over HTTP, and answers how it has ended. @throws Error when it has not within three minutes */
export const runOrder = async (
  name: VariantName,
  { ways, order, cancelAfterMs }: { readonly ways: WaysIn; readonly order: Order; readonly cancelAfterMs?: number },
): Promise<string> => {
  if (name === 'amends') return runOurs(ways.api, order, cancelAfterMs);
  const body = JSON.stringify({ order, ...(cancelAfterMs !== undefined && { cancelAfterMs }) });
  const answer = await fetch(`${ways.front}/${name}`, {
    method: 'POST',
    headers: asJson,
    body,
    signal: AbortSignal.timeout(ENDS_WITHIN_MS),
  });
  return ((await answer.json()) as { status: string }).status;
};

interface View {
  readonly id: string;
  readonly status: string;
  readonly closedAt: string | null;
}

const runOurs = async (api: string, order: Order, cancelAfterMs: number | undefined): Promise<string> => {
  const until = Date.now() + ENDS_WITHIN_MS;
  let view = await ask(
    `${api}/sagas/fulfilOrder`,
    order,
    cancelAfterMs === undefined ? { prefer: `wait=${WAIT_S}` } : {},
  );
  if (cancelAfterMs !== undefined) {
    await pause(cancelAfterMs);
    view = await ask(`${api}/sagas/${view.id}/cancel`, { reason: 'the customer has changed their mind' });
  }
  while (view.closedAt === null) {
    if (Date.now() > until) throw new Error(`${view.id} has not ended: ${view.status}`);
    await pause(ASK_AGAIN_MS);
    view = await ask(`${api}/sagas/${view.id}`);
  }
  return view.status;
};

/** A `GET` without a body, else a `POST`; what is out of reach for a moment (503) is asked again, as a client does. */
const ask = async (url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<View> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  for (const until = Date.now() + ENDS_WITHIN_MS; ; await pause(ASK_AGAIN_MS)) {
    const answer = await fetch(url, { ...init, headers: { ...asJson, ...headers } });
    if (answer.ok) return (await answer.json()) as View;
    const said = await answer.text();
    if (answer.status !== UNAVAILABLE || Date.now() > until)
      throw new Error(`${url} answered ${answer.status}: ${said}`);
  }
};
