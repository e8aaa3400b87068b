/** What the bank says to a card's token. Test cards are in contracts/payments.ts; any other token is declined. */
export const bankSays = (paymentToken: string): 'yes' | 'declined' | 'expired' => {
  if (paymentToken === 'tok_expired') return 'expired';
  return (['tok_ok', ANSWER_LOST, SLOW] as readonly string[]).includes(paymentToken) ? 'yes' : 'declined';
};

export const ANSWER_LOST = 'tok_answer_lost';
export const SLOW = 'tok_slow';
