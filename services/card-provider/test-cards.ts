const GOOD: readonly string[] = ['tok_ok', 'tok_answer_lost', 'tok_slow'];

/** What the bank says to a card's token. Test cards are in contracts/payments.ts; any other token is declined. */
export const bankSays = (card: string): 'yes' | 'declined' | 'expired' => {
  if (card === 'tok_expired') return 'expired';
  return GOOD.includes(card) ? 'yes' : 'declined';
};
