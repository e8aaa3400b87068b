import { expect, it } from 'vitest';
import { placeOf } from '../packages/runtime/src/system/places-of.ts';
import { readSettings } from '../services/card-provider/settings.ts';
import { shopConfig } from './the-shop.ts';

const lossyOf = (PROVIDER_LOSSY: string) => readSettings({ PROVIDER_DIR: '/d', PROVIDER_LOSSY }).lossy;

it.each([
  ['1.5', /^PROVIDER_LOSSY must be a share from 0 to 1, or with a seed 0\.2:7, not '1\.5'\.$/],
  ['0.2:x', /^PROVIDER_LOSSY must be/],
])('refuses PROVIDER_LOSSY=%s in a sentence', (value, sentence) => {
  expect(() => lossyOf(value)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  expect(() => lossyOf(value)).toThrow(sentence);
});

it('the system knows where the card provider is, and the card provider how lossy it plays', () => {
  expect(placeOf(shopConfig({ HOST: 'box' }).places, 'card-provider').url).toBe('http://box:7106');
  const elsewhere = shopConfig({ PROVIDER_URL: 'https://cards.example/' });
  expect(placeOf(elsewhere.places, 'card-provider').url).toBe('https://cards.example');
  expect(lossyOf('0.25:7')).toEqual({ share: 0.25, seed: 7 });
  expect(lossyOf('.5')).toEqual({ share: 0.5, seed: 1 });
  expect(readSettings({ PROVIDER_DIR: '/d' }).lossy).toBeUndefined();
});
