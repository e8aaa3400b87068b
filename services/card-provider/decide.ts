import { randomUUID } from 'node:crypto';
import { bankSays } from './test-cards.ts';

/** Money that is held on a card, and what became of it; `amount` and `refunded` in minor units. */
export interface Hold {
  readonly id: string;
  /** The merchant's own name for it. */
  readonly reference: string;
  readonly state: 'held' | 'voided' | 'captured' | 'refunded';
  readonly amount: number;
  readonly currency: string;
  readonly refunded: number;
  readonly heldAt: string;
  readonly capturedAt: string | null;
}

/** What a merchant can ask for. */
export type Wish =
  | {
      readonly wish: 'hold';
      readonly reference: string;
      readonly amount: number;
      readonly currency: string;
      readonly card: string;
    }
  | { readonly wish: 'capture' | 'void'; readonly hold: string }
  | { readonly wish: 'refund'; readonly hold: string; readonly amount: number };

export interface ProviderAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What is answered, and the hold as it is from then on, when it changes. */
export interface Decision {
  readonly answer: ProviderAnswer;
  readonly hold?: Hold;
}

/** What becomes of a wish. `at`: the time that it gets, RFC 3339. */
export const decide = (holds: ReadonlyMap<string, Hold>, wish: Wish, at: string): Decision => {
  if (wish.wish === 'hold') return holdMoney(wish, at);
  const hold = holds.get(wish.hold);
  if (hold === undefined) return no(404, 'hold_unknown', `there is no hold ${wish.hold}`);
  switch (wish.wish) {
    case 'capture':
      return capture(hold, at);
    case 'void':
      return letGo(hold);
    case 'refund':
      return refund(hold, wish.amount);
  }
  throw new Error('there is no such wish');
};

const holdMoney = ({ reference, amount, currency, card }: Extract<Wish, { wish: 'hold' }>, at: string): Decision => {
  const says = bankSays(card);
  if (says === 'declined') return no(402, 'card_declined', 'the bank says no');
  if (says === 'expired') return no(402, 'card_expired', 'the card has expired');
  const own = { id: `h-${randomUUID()}`, reference, amount, currency, heldAt: at };
  return changed(201, { ...own, state: 'held', refunded: 0, capturedAt: null });
};

const capture = (hold: Hold, at: string): Decision => {
  if (hold.state === 'voided') return no(409, 'hold_voided', `${hold.id} was voided`);
  if (hold.state !== 'held') return { answer: { status: 200, body: hold } };
  return changed(200, { ...hold, state: 'captured', capturedAt: at });
};

const letGo = (hold: Hold): Decision => {
  if (hold.state === 'voided') return { answer: { status: 200, body: hold } };
  if (hold.state !== 'held') return no(409, 'hold_captured', `the money of ${hold.id} has been taken`);
  return changed(200, { ...hold, state: 'voided' });
};

const refund = (hold: Hold, amount: number): Decision => {
  const refunded = hold.refunded + amount;
  if (hold.state !== 'captured' || refunded > hold.amount) {
    return no(409, 'exceeds_captured', `${amount} are not left of what was captured of ${hold.id}`);
  }
  const state = refunded === hold.amount ? 'refunded' : 'captured';
  const { currency } = hold;
  const body = { id: `r-${randomUUID()}`, hold: hold.id, amount, currency };
  return { answer: { status: 201, body }, hold: { ...hold, state, refunded } };
};

const changed = (status: number, hold: Hold): Decision => ({ answer: { status, body: hold }, hold });

const no = (status: number, code: string, message: string): Decision => ({
  answer: { status, body: { error: { code, message } } },
});
