import type { Shop } from '../shop.ts';

interface PaymentRow {
  readonly payment_id: string;
  readonly hold_id: string | null;
  readonly state: string;
  readonly amount: string;
  readonly refunded: string;
}

/** What a hold is at the provider, by the state of its payment. */
const AT_PROVIDER: Readonly<Record<string, string>> = {
  authorized: 'held',
  voided: 'voided',
  captured: 'captured',
  refunded: 'refunded',
};

/** All of it, in words. */
export const unlikeProvider = async (asked: Parameters<typeof compareWithProvider>[0]): Promise<readonly string[]> => {
  const { surplus, unlike } = await compareWithProvider(asked);
  return [...surplus, ...unlike];
};

/**
 * Where the card provider's own books and the payments service do not agree, in words: no hold without its payment (`surplus`), no
 * payment without its hold, each in the same state, and what was taken and not given back the same to the penny. To be asked when
 * no operation is open.
 */
export const compareWithProvider = async ({
  pools,
  provider,
}: {
  readonly pools: Pick<Shop['pools'], 'payments'>;
  readonly provider: Pick<Shop['provider'], 'holds'>;
}): Promise<{ readonly surplus: readonly string[]; readonly unlike: readonly string[] }> => {
  const { rows } = await pools.payments.query<PaymentRow>(
    'select payment_id, hold_id, state, amount, refunded from payments where hold_id is not null',
  );
  const payments = new Map(rows.map((row) => [row.hold_id, row]));
  const surplus: string[] = [];
  const wrong = provider.holds().flatMap((hold) => {
    const payment = payments.get(hold.id);
    payments.delete(hold.id);
    if (payment === undefined) {
      surplus.push(`the provider has ${hold.id} ${hold.state}, and no payment has it`);
      return [];
    }
    const { payment_id: id, state, amount, refunded } = payment;
    const said = `${AT_PROVIDER[state]} ${amount} less ${refunded}`;
    const there = `${hold.state} ${hold.amount} less ${hold.refunded}`;
    return said === there ? [] : [`${id} is ${said}, but at the provider ${there}`];
  });
  const without = [...payments.values()].map(({ payment_id: id }) => `${id} has a hold that the provider has not`);
  return { surplus, unlike: [...wrong, ...without] };
};
