import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { composeOf } from '../../packages/amends/src/compose/compose-of.ts';
import { shopSystem } from '../the-shop.ts';

it('docker-compose.yml is what `amends compose` writes of amends.config.ts', async () => {
  const { name, version } = JSON.parse(await readFile('package.json', 'utf8')) as { name: string; version: string };
  expect(await readFile('docker-compose.yml', 'utf8')).toBe(composeOf(shopSystem, { name, version }));
});
