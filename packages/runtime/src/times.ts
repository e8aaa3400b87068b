import ms, { type StringValue } from 'ms';
import { z } from 'zod';

const Duration = z.unknown().transform((value, context) => {
  const length = lengthOf(value);
  if (Number.isFinite(length) && length > 0) return Math.ceil(length);
  context.addIssue({
    code: 'custom',
    message: `must be a duration such as '5 seconds', '2h' or 1500 (ms), not ${JSON.stringify(value)}`,
  });
  return z.NEVER;
});

/** In milliseconds; NaN of what is no duration. */
const lengthOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  try {
    return ms(value as StringValue) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
};

const Entry = z.strictObject({
  deadline: Duration.optional(),
  startWithin: Duration.optional(),
  attempt: Duration.optional(),
  budget: Duration.optional(),
  undoBudget: Duration.optional(),
  within: Duration.optional(),
});

const NAME = /^(\*|[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)?)$/;

const Table = z
  .object({ sweep: Duration.optional(), purge: Duration.optional() })
  .catchall(Entry)
  .superRefine((table, context) => {
    for (const name of Object.keys(table).filter((key) => !NAME.test(key))) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: "must be '<saga>', '<saga>.<step>', '*', 'sweep' or 'purge'",
      });
    }
  });

type Times = z.output<typeof Entry>;

/**
 * AMENDS_TIMES in milliseconds: `<saga>`, `<saga>.<step>` or `*` → what it overrides. `sweep` and `purge`: how often killed sagas are
 * looked for, and how often a service forgets the operations of sagas past the limit.
 */
export type TimesTable = {
  readonly sweep?: number;
  readonly purge?: number;
  readonly entries: Readonly<Record<string, Times>>;
};

/** No saga and no step has times of its own. */
export const NO_TIMES: TimesTable = { entries: {} };

/**
 * `AMENDS_TIMES`: JSON `{"<saga>":{"deadline","startWithin"}, "<saga>.<step>":{"attempt","budget","undoBudget","within"}, "*":{…}, "sweep", "purge"}`.
 */
export const sagaTimes = z
  .string()
  .default('{}')
  .transform((text, context): TimesTable => {
    const fail = (message: string): TimesTable => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      return fail(`must be JSON: ${(error as Error).message}`);
    }
    const parsed = Table.safeParse(json);
    if (!parsed.success) {
      return fail(
        parsed.error.issues.map((issue) => `at ${issue.path.join('.') || 'its top'}: ${issue.message}`).join('; '),
      );
    }
    const { sweep, purge, ...entries } = parsed.data;
    return { ...(sweep !== undefined && { sweep }), ...(purge !== undefined && { purge }), entries };
  });

type StepTimes = Omit<Times, 'deadline' | 'startWithin'>;

interface OwnTimes {
  readonly deadline?: number | undefined;
  readonly steps: Record<string, StepTimes>;
}

/** How long a saga of which something came early waits for what starts it (E4), where the table says so. */
export const startWithinOf = ({ entries }: TimesTable, saga: string): number | undefined =>
  entries[saga]?.startWithin ?? entries['*']?.startWithin;

/** What of the table concerns one saga, as its start carries it; `children`: what concerns every other that the table names. */
export const timesOf = (table: TimesTable, saga: string): OwnTimes & { children?: Record<string, OwnTimes> } => {
  const named = new Set(Object.keys(table.entries).map((name) => name.split('.')[0] ?? ''));
  const others = [...named].filter((name) => name !== '*' && name !== saga);
  const children = Object.fromEntries(others.map((other) => [other, ownTimesOf(table, other)]));
  return { ...ownTimesOf(table, saga), ...(others.length > 0 && { children }) };
};

const ownTimesOf = ({ entries }: TimesTable, saga: string): OwnTimes => {
  const steps: Record<string, StepTimes> = {};
  const take = (name: string, entry: Times | undefined) => {
    const { deadline: _, startWithin: __, ...rest } = entry ?? {};
    if (Object.keys(rest).length > 0) steps[name] = { ...steps[name], ...rest };
  };
  take('*', entries['*']);
  take('*', entries[saga]);
  for (const [name, entry] of Object.entries(entries)) {
    if (name.startsWith(`${saga}.`)) take(name.slice(saga.length + 1), entry);
  }
  const deadline = entries[saga]?.deadline ?? entries['*']?.deadline;
  return { ...(deadline !== undefined && { deadline }), steps };
};
