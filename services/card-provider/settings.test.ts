import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../packages/runtime/src/config-error.ts';
import { readSettings } from './settings.ts';

const read = (env: Readonly<Record<string, string>> = {}) => readSettings({ PROVIDER_DIR: '/data', ...env });

describe('the settings of the card provider', () => {
  it('say where it listens, and where it keeps what it has decided', () => {
    expect(read()).toMatchObject({
      port: 7106,
      reach: 'this-machine',
      journal: join('/data', 'journal.jsonl'),
      lossy: undefined,
    });
    expect(read({ PROVIDER_PORT: '7999', HOST: '0.0.0.0' })).toMatchObject({ port: 7999, reach: 'network' });
  });

  it.each([
    ['0.25:7', { share: 0.25, seed: 7 }],
    ['.5', { share: 0.5, seed: 1 }],
    ['', undefined],
  ])('PROVIDER_LOSSY=%s says how lossy it plays', (PROVIDER_LOSSY, lossy) => {
    expect(read({ PROVIDER_LOSSY }).lossy).toEqual(lossy);
  });

  it.each([
    ['PROVIDER_LOSSY', '1.5', "PROVIDER_LOSSY must be a share from 0 to 1, or with a seed 0.2:7, not '1.5'."],
    ['PROVIDER_LOSSY', '0.2:x', "PROVIDER_LOSSY must be a share from 0 to 1, or with a seed 0.2:7, not '0.2:x'."],
    ['PROVIDER_DIR', '', 'PROVIDER_DIR must name the folder of the card provider.'],
    ['PROVIDER_PORT', '0', "PROVIDER_PORT must be a port from 1 to 65535, not '0'."],
  ])('refuse %s=%s in a sentence', (name, value, sentence) => {
    expect(() => read({ [name]: value })).toThrow(new ConfigError(sentence));
  });
});
