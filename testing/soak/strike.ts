import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup } from '../../packages/amends/src/local/processes/child.ts';
import { isSameProcess } from '../../packages/amends/src/local/processes/process-identity.ts';
import type { OwnShop } from './own-shop.ts';
import type { Strike, Struck } from './plan-strikes.ts';
import type { WorkInHand } from './work-in-hand.ts';

/** A kill that has happened: in the middle of what, and how long until the part was ready again. */
export interface StrikeMade {
  readonly part: Struck;
  readonly sent: number;
  /** What was in hand a moment before. */
  readonly inHand: string;
  readonly awayMs: number;
}

const WORK_WITHIN_MS = 60_000;
const GONE_WITHIN_MS = 5_000;
const BACK_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 2;
const BACK_EVERY_MS = 100;

export interface Ready {
  readonly shop: OwnShop;
  readonly work: WorkInHand;
  /** Of our own: publishes that the broker has not acknowledged. */
  readonly publishing: () => number;
  readonly sent: () => number;
  readonly signal: AbortSignal;
}

/**
 * Kills a part with SIGKILL in a moment in which it has work in hand, and waits until another process has taken its place and is ready.
 *
 * @throws Error in words when it never had any work, was not gone, or did not come back
 */
export const strike = async ({ part }: Strike, ready: Ready): Promise<StrikeMade> => {
  const { shop, sent, signal } = ready;
  const inHand = await untilBusy(part, ready);
  const before = shop.processOf(part);
  if (before === undefined || !isSameProcess(before)) throw new Error(`${part} did not run when it was to be killed`);
  killGroup(before);
  const at = Date.now();
  const made = { part, sent: sent(), inHand };
  while (isSameProcess(before)) {
    if (Date.now() > at + GONE_WITHIN_MS) throw new Error(`${part} was not gone after SIGKILL`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  while (!(await isBack(part, before.pid, ready))) {
    if (Date.now() > at + BACK_WITHIN_MS) throw new Error(`${part} did not come back`);
    await sleep(BACK_EVERY_MS, undefined, { signal });
  }
  return { ...made, awayMs: Date.now() - at };
};

const untilBusy = async (part: Struck, ready: Ready): Promise<string> => {
  for (const end = Date.now() + WORK_WITHIN_MS; Date.now() < end;) {
    const inHand = await busyWith[part](ready).catch(() => null);
    if (inHand !== null) return inHand;
    await sleep(LOOK_EVERY_MS, undefined, { signal: ready.signal });
  }
  throw new Error(`${part} never had work in hand when it was to be killed`);
};

/** What a part has in hand that nobody has acknowledged; null when there is nothing. */
const busyWith: Readonly<Record<Struck, (ready: Ready) => Promise<string | null>>> = {
  NATS: async ({ work, publishing }) => {
    const { unacknowledged } = await work.broker();
    const open = publishing();
    return open + unacknowledged > 0 ? `${open} publishes, ${unacknowledged} deliveries unacknowledged` : null;
  },
  orders: async ({ work }) => {
    const rows = await work.outbox();
    return rows > 0 ? `${rows} rows in its outbox` : null;
  },
  api: async ({ work }) => {
    const { unacknowledged } = await work.triggers();
    return unacknowledged > 0 ? `${unacknowledged} events unacknowledged` : null;
  },
  Temporal: async ({ work }) => {
    const [sagas, { unacknowledged }] = await Promise.all([work.orderSagas(), work.triggers()]);
    return sagas > 0 && unacknowledged > 0 ? `${sagas} sagas open, ${unacknowledged} events unacknowledged` : null;
  },
};

const isBack = async (part: Struck, killed: number, { shop, work }: Ready): Promise<boolean> => {
  const now = shop.processOf(part);
  if (now === undefined || now.pid === killed) return false;
  const answers: Readonly<Record<Struck, () => Promise<unknown>>> = {
    NATS: work.broker,
    Temporal: work.orderSagas,
    orders: () => readyz(shop.urls.orders),
    api: () => readyz(shop.urls.api),
  };
  return answers[part]().then(
    () => true,
    () => false,
  );
};

const readyz = async (url: string): Promise<void> => {
  const { ok } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
  if (!ok) throw new Error('not ready');
};
