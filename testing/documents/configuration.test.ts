import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../packages/runtime/src/config.ts';
import { codeBlocksOf, sectionOf, tableOf } from '../../packages/testing/fixtures/markdown.ts';
import { placesOf } from '../../packages/runtime/src/system/places-of.ts';
import example from './example-system.ts';
import { CONFIGURATION_FILE, configurationDocument, HOW_TO_WRITE, unlikeSchema } from './configuration.ts';

describe('docs/configuration.md', () => {
  it('has every variable that is read, and no other', () => {
    expect(unlikeSchema()).toEqual({ unsaid: [], unknown: [] });
  });

  it('is what the schema says', async () => {
    expect(await readFile(CONFIGURATION_FILE, 'utf8'), HOW_TO_WRITE).toBe(configurationDocument);
  });

  it('shows a configuration that can be read', () => {
    const names = placesOf(example, 'box', {}).map(({ variable, url }) => `${variable}_URL=${url}`);
    expect(names).toEqual([
      'ORDERS_URL=http://box:7101',
      'LOYALTY_URL=https://loyalty.example',
      'PROVIDER_URL=http://box:7106',
      'API_URL=http://box:8080',
    ]);
  });

  it('shows times that are taken, every one of them', () => {
    const section = sectionOf(configurationDocument, '`AMENDS_TIMES`');
    const [example] = codeBlocksOf(section);
    expect(readConfig({ AMENDS_TIMES: example?.code }).AMENDS_TIMES).toMatchObject({
      sweep: 60_000,
      purge: 86_400_000,
    });
    for (const { time = '', of } of tableOf(section, 'time')) {
      const name = time.replaceAll('`', '');
      const times = of?.startsWith('the ') ? { [name]: '5s' } : { fulfilOrder: { [name]: '5s' } };
      expect(() => readConfig({ AMENDS_TIMES: JSON.stringify(times) })).not.toThrow();
    }
  });
});
