import { expect, it } from 'vitest';
import { createLog, type Log } from './log.ts';

const LINE_MAX = 32_000;
const long = '\0'.repeat(800_000);
const error = (): Error => new Error(long, { cause: new Error(long) });
const deep = (): object => {
  let value = {};
  for (let n = 0; n < 7_000; n++) value = { value };
  return value;
};

const logged = (write: (log: Log) => void): Record<string, unknown> => {
  const lines: string[] = [];
  write(createLog('test', 'info', { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThan(LINE_MAX);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
};

it.each<[string, (log: Log) => void]>([
  ['a text', (log) => log.warn({ event: long }, 'bad')],
  ['a message', (log) => log.warn(long)],
  ['a message’s value', (log) => log.warn({ n: 1 }, 'it is %s', long)],
  ['a list', (log) => log.warn({ list: Array.from({ length: 1_000 }, () => ({ long })) }, 'bad')],
  ['a deep value', (log) => log.warn({ deep: deep() }, 'bad')],
  ['many members', (log) => log.warn(Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [n, long])), 'bad')],
  ['an error', (log) => log.error({ err: error() }, 'bad')],
  ['an error by itself', (log) => log.error(error())],
  ['an error within', (log) => log.error({ inner: { why: error() } }, 'bad')],
  ['bytes', (log) => log.error({ body: Buffer.alloc(800_000) }, 'bad')],
])('a line that holds %s of any size has a bounded length, and is JSON', (_, write) => {
  expect(logged(write)).toMatchObject({ process: 'test' });
});

it('what fits is written whole', () => {
  const err = Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'E1' });
  const line = logged((log) =>
    log.error({ err, at: new Date(0), list: [1, { a: null }], n: 1n }, 'it is bad: %s', 'x'),
  );
  expect(line).toMatchObject({
    level: 50,
    msg: 'it is bad: x',
    at: '1970-01-01T00:00:00.000Z',
    list: [1, { a: null }],
  });
  expect(line['err']).toMatchObject({ type: 'TypeError', message: 'no: why', code: 'E1' });
  expect((line['err'] as Error).stack).toContain('caused by: Error: why');
});
