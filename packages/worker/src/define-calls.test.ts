import { expect, it } from 'vitest';
import { z } from 'zod';
import { action, outside, participant } from '../../contracts/src/define.ts';
import { defineCalls, limitOf } from './define-calls.ts';

const example = { input: {}, output: {} };
const route = 'POST /points';
const refusals = { 'no-such-member': { when: 'nobody has that number' } };
const points = outside({ add: action({ route, input: z.object({}), output: z.object({}), refusals, example }) });
const stock = participant({ take: action({ route, input: z.object({}), output: z.object({}), example }) });
const app = { services: { points, stock }, sagas: {}, events: {} };

it('a service that is not named is called as usual, and so is one that the application does not have', () => {
  const calls = defineCalls(app, { stock: { callsPerSecond: 10 } });
  expect(calls['points']).toEqual({ callsPerSecond: 200, callsAtOnce: 50 });
  expect(limitOf(calls, 'stock')).toEqual({ callsPerSecond: 10, callsAtOnce: 50 });
  expect(limitOf(calls, 'constructor')).toEqual({ callsPerSecond: 200, callsAtOnce: 50 });
});

it('a number that lets no call through is an error that names the service', () => {
  expect(() => defineCalls(app, { points: { callsAtOnce: 0 } })).toThrow(
    new TypeError('The calls to points must be more than none, a second and at once.'),
  );
});

it('an outsider has its own words for a refusal, and only those of its contract', () => {
  const readRefusal = ({ status }: { status: number }) => (status === 404 ? ('no-such-member' as const) : undefined);
  expect(defineCalls(app, { points: { readRefusal } })['points']?.readRefusal).toBe(readRefusal);
  // @ts-expect-error no action of it has such a code
  defineCalls(app, { points: { readRefusal: () => 'no-such-code' } });
  defineCalls(app, { points: { readRefusal: ({ action: name }) => (name === 'add' ? 'no-such-member' : undefined) } });
  // @ts-expect-error it has no such action
  defineCalls(app, { points: { readRefusal: ({ action: name }) => (name === 'ad' ? 'no-such-member' : undefined) } });
});

it('a service that takes part says its refusals itself, and what is no service has no calls', () => {
  // @ts-expect-error not an outsider
  defineCalls(app, { stock: { readRefusal: () => undefined } });
  // @ts-expect-error no such service
  expect(defineCalls(app, { nobody: {} })).not.toHaveProperty('nobody');
});
