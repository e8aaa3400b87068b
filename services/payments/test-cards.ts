/** What these cards do is done here, not at the provider. Test cards are in contracts/payments.ts. */
export const ANSWER_LOST = 'tok_answer_lost';
export const SLOW = 'tok_slow';
