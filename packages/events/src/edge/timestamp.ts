const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/i;
const MINUTES_A_DAY = 24 * 60;
const LAST_MINUTE = MINUTES_A_DAY - 1;

/** Whether it is a time of RFC 3339 that exists: no 30 February, and a leap second only at the end of a day in UTC. */
export const isTimestamp = (text: string): boolean => {
  const [, ...parts] = RFC_3339.exec(text) ?? [];
  if (parts.length === 0) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number);
  const [offsetHour, offsetMinute] = [Number(parts[7] ?? 0), Number(parts[8] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false;
  if (hour > 23 || minute > 59 || offsetHour > 23 || offsetMinute > 59) return false;
  const offset = (offsetHour * 60 + offsetMinute) * (parts[6] === '-' ? -1 : 1);
  const inUtc = (hour * 60 + minute - offset + MINUTES_A_DAY) % MINUTES_A_DAY;
  return second < 60 || (second === 60 && inUtc === LAST_MINUTE);
};

const daysOf = (year: number, month: number): number => {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeapYear ? 29 : ([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
};

/** A time that {@link isTimestamp}, in UTC with milliseconds. A leap second counts as the second before it. */
export const instantOf = (timestamp: string): string =>
  new Date(timestamp.toUpperCase().replace(/:60(?=[.Z+-])/, ':59')).toISOString();
