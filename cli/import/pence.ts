const DECIMAL = /^(-?)(\d{1,9})(?:\.(\d*))?$/;

/**
 * A price as a shop writes it (`2.55`, `27.5`, `10`) in pence, exactly: digits are moved, nothing is multiplied.
 * Undefined when it is no decimal number, or holds a fraction of a penny.
 */
export const pence = (text: string): number | undefined => {
  const [, sign, pounds, fraction = ''] = DECIMAL.exec(text.trim()) ?? [];
  if (pounds === undefined) return undefined;
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > 2) return undefined;
  const amount = Number(pounds + digits.padEnd(2, '0'));
  return sign === '-' && amount > 0 ? -amount : amount;
};
