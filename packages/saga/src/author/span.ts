const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A length of time in words: `30 seconds`. (Temporal's own `Duration` is `any` under nodenext, so `2 huors` would compile.) */
export type Span = `${number} ${keyof typeof UNITS}${'' | 's'}`;

/** `2 hours` → 7,200,000. @throws when it is no span */
export const milliseconds = (span: Span): number => {
  const [, count, unit] = /^([\d.]+) (second|minute|hour|day)s?$/.exec(span) ?? [];
  if (count === undefined || unit === undefined) throw new Error(`'${span}' is no length of time`);
  return Number(count) * UNITS[unit as keyof typeof UNITS];
};
