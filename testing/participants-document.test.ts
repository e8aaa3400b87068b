import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isFailure } from '../packages/worker/src/activities/service-failure.ts';
import { readAnswer } from '../packages/worker/src/activities/read-answer.ts';
import { parseConformFile } from '../packages/amends/src/conform/index.ts';
import { parseOperationKey } from '../packages/contracts/src/protocol/keys.ts';
import { Operation, OperationList } from '../packages/contracts/src/operation.ts';
import {
  participantProblems,
  PROBLEM_PREFIX,
  problems,
  REFUSED_STATUS,
} from '../packages/contracts/src/protocol/problem-types.ts';
import type { ServiceFailureType } from '../packages/contracts/src/service-call.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createPool } from '../packages/participant/src/database/postgres.ts';
import { askedByCurl } from './asked-by-curl.ts';
import { freshDatabase } from '../packages/testing/src/servers/database.ts';
import { startLoyaltyPoints } from '../packages/testing/fixtures/loyalty-points.ts';
import { codeBlocksOf, sectionOf, tableOf } from '../packages/testing/fixtures/markdown.ts';
import { newKey, send } from '../packages/testing/src/services/saga-client.ts';
import { answerIn, readStateTable, requestsAt, waysInto } from '../packages/testing/fixtures/state-table.ts';

const text = await readFile('docs/participants.md', 'utf8');

const folder = await mkdtemp(join(tmpdir(), 'amends-'));
const service = await startLoyaltyPoints(join(folder, 'loyalty.db'));
afterAll(async () => {
  await service.kill();
  await rm(folder, { recursive: true, force: true });
});

/** How the document calls what a client makes of an answer. */
const WORDS: Readonly<Record<ServiceFailureType, string>> = {
  Refused: 'no',
  Unavailable: 'later',
  Unknown: 'unknown',
  Final: 'parks',
  NotSent: 'never read from an answer',
};

describe('its problem types', () => {
  const rows = tableOf(text, 'type');
  const withCode = { 'refused:<code>': { status: REFUSED_STATUS }, 'undo-refused:<code>': { status: REFUSED_STATUS } };
  const named = rows.map((row) => [(row['type'] ?? '').replaceAll('`', ''), Number(row['status'])] as const);

  it('are all that a participant answers with, and no other, each with its status', () => {
    // what the app around the kit says of any request
    const { 'too-large': tooLarge, internal } = problems;
    const answered = { ...participantProblems, ...withCode, 'too-large': tooLarge, internal };
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(Object.entries(answered).map(([type, { status }]) => [type, status])),
    );
  });

  it.each(rows)('$type is read as it says', (row) => {
    const type = (row['type'] ?? '').replaceAll('`', '').replace('<code>', 'a-code');
    const received = {
      status: Number(row['status']),
      body: JSON.stringify({ type: PROBLEM_PREFIX + type }),
      retryAfter: null,
    };
    const readAs = (op: 'do' | 'undo' | 'settle' | 'seal'): string => {
      try {
        readAnswer(received, { op, attempt: 1, read: (body) => body });
      } catch (error) {
        if (isFailure(error)) return WORDS[error.type as ServiceFailureType];
      }
      return 'done';
    };
    // an empty cell: it is never answered so
    const { 'to `do`': toDo = '', 'to the others': toOthers = '' } = row;
    expect(toDo + toOthers).not.toBe('');
    expect(toDo || readAs('do')).toBe(readAs('do'));
    expect(['undo', 'settle', 'seal'].map(() => toOthers || readAs('undo'))).toEqual([
      readAs('undo'),
      readAs('settle'),
      readAs('seal'),
    ]);
  });
});

describe('its state table, at the example in Python', async () => {
  const points = (many: number) => ({ customer: 'c-table', points: many });
  const ask = requestsAt(service.url, { action: '/awards', same: points(1), other: points(2) });
  const states = waysInto(ask);
  const table = await readStateTable('over-limit');

  it.each(table.filter(({ is }) => is in states))('$is', async ({ is, cells }) => {
    const agreed = cells.filter(([, cell]) => cell !== undefined);
    const found: unknown[] = [];
    for (const [request] of agreed) found.push([request, await answerIn(is, request, ask, states)]);
    expect(found).toEqual(agreed);
  });

  it('refused', async () => {
    const key = newKey('awardPoints');
    const tooMany = () => send(service.url, '/awards', { key, body: points(2_000_000) });
    const first = await tooMany();
    expect(first.says).toBe('refused:over-limit');
    expect((await tooMany()).text).toBe(first.text);
    expect((await ask['do, same body'](key)).says).toBe('key-mismatch');
    expect((await ask.undo(key)).says).toBe('refused');
    expect((await ask.settle(key)).json).toMatchObject({ state: 'refused', answer: { status: 409, body: first.json } });
  });
});

/** Each time as any other; nothing else is let pass. */
const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time'));

describe('what it shows', () => {
  it('each command of the example step by step is answered as it says', async () => {
    const blocks = codeBlocksOf(sectionOf(text, 'An example, step by step'));
    const started = new Date().toISOString();
    expect(blocks.map(({ language }) => language).join(' ')).toMatch(/^(sh json ?){8}$/);
    for (let n = 0; n < blocks.length; n += 2) {
      const command = blocks[n]?.code ?? '';
      const answer = await askedByCurl(command, { at: service.url, variables: { STARTED: started } });
      expect([command, timeless(answer)]).toEqual([command, timeless(JSON.parse(blocks[n + 1]?.code ?? 'null'))]);
    }
  });

  it('its operation and its list are of the published form, and its key of the grammar', () => {
    const [operation, list] = codeBlocksOf(sectionOf(text, 'What is answered'))
      .filter(({ language }) => language === 'json')
      .map(({ code }): unknown => JSON.parse(code));
    const { key, step, instance, saga } = z.strictObject(Operation.shape).parse(operation);
    expect(parseOperationKey(key)).toEqual({ key, saga, step, instance });
    z.strictObject(OperationList.shape).parse(list);
  });

  it('its conform file can be used', () => {
    const yaml = codeBlocksOf(text).find(({ language }) => language === 'yaml')?.code ?? '';
    expect(Object.keys(parseConformFile(yaml, 'docs/participants.md').actions)).toEqual(['reserve', 'ship']);
  });

  it('its SQL is taken by PostgreSQL, with the columns that it uses', async () => {
    const database = await freshDatabase();
    const pool = createPool(database.url, createLog('test', 'silent'));
    const client = await pool.connect();
    let statements = 0;
    try {
      for (const { code } of codeBlocksOf(text).filter(({ language }) => language === 'sql')) {
        for (const statement of code.replaceAll(/^--.*$/gm, '').split(';')) {
          if (statement.trim() === '') continue;
          statements++;
          // parsed and planned, without values
          const isPlanned = /^\s*(insert|select|update)/i.test(statement);
          await client.query(isPlanned ? `prepare s${statements} as ${statement}` : statement);
        }
      }
      expect(statements).toBeGreaterThan(20);
    } finally {
      client.release(true);
      await pool.end();
      await database.drop();
    }
  });
});
