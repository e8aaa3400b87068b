import { parseOperationKey } from '@amends/contracts/internal';
import type { Services } from './start-services.ts';

/** A participant's record, as its database has it. */
export interface OperationFound {
  readonly service: string;
  readonly key: string;
  readonly saga: string;
  readonly action: string | null;
  readonly state: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly key: string;
  readonly saga: string;
  readonly action: string | null;
  readonly state: string;
  readonly input: string | null;
  readonly body: string | null;
}

/** Every operation of the sagas of one business key, straight from the services' databases. */
export const operationsOf = async (
  { pools }: Pick<Services, 'pools'>,
  key: string,
): Promise<readonly OperationFound[]> => {
  const found = Object.entries(pools).map(async ([service, pool]) => {
    const { rows } = await pool.query<Row>(
      `select key, saga, action, state, input, body from saga_operations where split_part(saga, ':', 2) = $1`,
      [key],
    );
    return rows.map(({ input, body, ...row }) => ({ ...row, service, input: objectIn(input), answer: objectIn(body) }));
  });
  return (await Promise.all(found)).flat();
};

const objectIn = (text: string | null): Readonly<Record<string, unknown>> => ({
  ...(JSON.parse(text ?? 'null') as Readonly<Record<string, unknown>> | null),
});

const SETTLED = ['done', 'refused', 'undone', 'blocked'];

/** Records that no participant may be left with, in words. */
export const wrongRecords = (operations: readonly OperationFound[]): readonly string[] =>
  operations.flatMap(({ key, saga, state }) => {
    const parsed = parseOperationKey(key);
    const grammar = parsed?.saga === saga ? [] : [`${key} is no key of ${saga}`];
    return SETTLED.includes(state) ? grammar : [...grammar, `${key} is left ${state}`];
  });
