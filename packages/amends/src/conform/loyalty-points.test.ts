import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startLoyaltyPoints, type LoyaltyPoints } from '../../../testing/fixtures/loyalty-points.ts';
import { temporaryFolder } from '../../../testing/src/servers/temporary-folder.ts';
import { parseConformFile, runChecks } from './index.ts';

const FILE = 'examples/loyalty-points/conform.yaml';

const started = async (database: string): Promise<LoyaltyPoints> => {
  const service = await startLoyaltyPoints(database);
  onTestFinished(service.kill);
  return service;
};

it('P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11: the example in Python keeps every promise', async () => {
  const service = await started(join(await temporaryFolder(), 'loyalty.db'));
  const report = await runChecks(parseConformFile(await readFile(FILE, 'utf8'), FILE), { url: service.url });
  expect(report.rows.filter(({ result }) => result !== 'pass')).toEqual([]);
  expect(report.uncounted).toEqual([]);
  expect(service.complaints()).toBe('');
}, 120_000);

const ROUNDS = 8;
const AT_ONCE = 40;

/** The n-th award of a round: a customer and a key of its own. */
const award = async (url: string, name: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${url}/awards`, {
    method: 'POST',
    headers: { 'idempotency-key': `kill:${name}/award`, 'saga-started': new Date().toISOString() },
    body: JSON.stringify({ customer: name, points: 1 }),
  });
  return { status: response.status, text: await response.text() };
};

const inTurn = async <T>(names: readonly string[], act: (name: string) => Promise<T>): Promise<T[]> => {
  const all: T[] = [];
  for (const name of names) all.push(await act(name));
  return all;
};

const pointsOf = async (url: string, customer: string): Promise<unknown> =>
  ((await (await fetch(`${url}/accounts/${customer}`)).json()) as { points: unknown }).points;

it('P1, P7: the example in Python, killed in the middle, has every effect once when the request is repeated', async () => {
  const database = join(await temporaryFolder(), 'loyalty.db');
  let unanswered = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const names = Array.from({ length: AT_ONCE }, (_, n) => `c-${round}-${n}`);
    const doomed = await started(database);
    let answered = 0;
    const first = await Promise.all(
      names.map(async (name) => {
        const answer = await award(doomed.url, name).catch(() => undefined);
        // 503: its turn did not come in time
        if (answer?.status !== 200) return undefined;
        if (++answered === 1 + round * 3) await doomed.kill();
        return answer;
      }),
    );
    const heir = await started(database);
    const again = await inTurn(names, (name) => award(heir.url, name));
    expect(again.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect(again.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
      names.map((customer) => ({ customer, points: 1 })),
    );
    expect(await inTurn(names, (name) => pointsOf(heir.url, name))).toEqual(names.map(() => 1));
    // what was answered before is answered again
    expect(again.map((answer, n) => first[n] ?? answer)).toEqual(again);
    unanswered += first.filter((answer) => answer === undefined).length;
    await heir.kill();
  }
  // it was in the middle: of every round some had no answer
  expect(unanswered).toBeGreaterThan(ROUNDS);
}, 120_000);
