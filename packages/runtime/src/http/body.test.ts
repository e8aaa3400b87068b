import { expect, it } from 'vitest';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { createHttpApp } from './app.ts';
import { readBody } from './body.ts';

const app = createHttpApp({ log: createLog('test', 'silent'), maxBodyBytes: 1_000_000, ready: async () => undefined });
app.post('/', async (c) => c.json({ read: (await readBody(c, z.json())) !== undefined }));

const post = async (body: string) => {
  const answer = await app.request('/', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return { status: answer.status, json: await answer.json() };
};

it.each([101, 3_000, 7_000, 400_000])('a body %i levels deep is 422, never 500', async (levels) => {
  const errors = [{ path: '', message: 'is over 100 levels deep' }];
  const answer = await post(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  expect(answer).toMatchObject({ status: 422, json: { type: 'urn:amends:invalid', errors } });
});

it('a body 100 levels deep is read, and brackets that are open in what is no JSON are 400', async () => {
  expect(await post(`${'['.repeat(100)}${']'.repeat(100)}`)).toMatchObject({ status: 200 });
  expect(await post('["\\"[[')).toMatchObject({ status: 400, json: { type: 'urn:amends:not-json' } });
});
