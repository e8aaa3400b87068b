import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLaneBench, type LaneBench } from '../lane-bench.ts';
import { makeThing } from '../../packages/testing/fixtures/things-service.ts';

let bench: LaneBench;
beforeAll(async () => {
  bench = await startLaneBench('things');
});
afterAll(() => bench.close());

it.each(['fast', 'durable'] as const)(
  'S2: a refusal whose words are cut in the middle of an emoji is a refusal, in the %s lane',
  async (lane) => {
    bench.serve((_, answer) => {
      answer.writeHead(409, { 'content-type': 'application/problem+json' });
      answer.end(String.raw`{"type":"urn:amends:refused:no","detail":"cut \ud83d"}`);
    });
    const call = { ...makeThing, startedAt: new Date().toISOString() };
    const ended = bench.run({ lane, type: 'makeThing', call, attemptMs: 1_000, budgetMs: 5_000 });
    await expect(ended).rejects.toMatchObject({
      cause: { type: 'Refused', details: [1, { code: 'no', message: 'cut \uFFFD' }] },
    });
  },
);
