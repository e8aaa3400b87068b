import { expect, it } from 'vitest';
import { startCardProvider } from '../../testing/card-provider.ts';
import { fateOf, FATES } from './lossy.ts';

const keys = Array.from({ length: 3_000 }, (_, n) => `key-${n}`);

it('decides by seed, key and attempt alone', () => {
  const fates = (seed: number, attempt: number) => keys.map((key) => fateOf({ share: 0.5, seed }, key, attempt));
  expect(fates(1, 1)).toEqual(fates(1, 1));
  expect(fates(1, 1)).not.toEqual(fates(2, 1));
  expect(fates(1, 1)).not.toEqual(fates(1, 2));
});

it('befalls the share that it is told, each fate about as often', () => {
  const fates = keys.map((key) => fateOf({ share: 0.3, seed: 7 }, key, 1));
  for (const fate of FATES) {
    const share = fates.filter((one) => one === fate).length / keys.length;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
  }
  expect(keys.map((key) => fateOf({ share: 0, seed: 7 }, key, 1)).filter(Boolean)).toEqual([]);
  expect(keys.map((key) => fateOf({ share: 1, seed: 7 }, key, 1)).every(Boolean)).toBe(true);
});

it('loses a request before its effect, an answer after it, and says 503 without one', async () => {
  const lossy = { share: 1, seed: 3 };
  const provider = await startCardProvider(lossy);
  for (const key of keys.slice(0, 12)) {
    const body = JSON.stringify({ reference: key, amount: 1, currency: 'EUR', card: 'tok_ok' });
    const headers = { 'content-type': 'application/json', 'request-reference': key };
    const said = await fetch(`${provider.url}/holds`, { method: 'POST', headers, body }).then(
      ({ status }) => status,
      () => 'nothing',
    );
    const fate = fateOf(lossy, key, 1);
    expect(said).toBe(fate === 'unavailable' ? 503 : 'nothing');
    const effects = provider.holds().filter(({ reference }) => reference === key);
    expect(effects).toHaveLength(fate === 'answer-lost' ? 1 : 0);
  }
  await provider.close();
});
