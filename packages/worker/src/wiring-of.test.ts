import { expect, it } from 'vitest';
import { z } from 'zod';
import { action, outside, participant } from '../../contracts/src/define.ts';
import { ConfigError } from '../../runtime/src/config-error.ts';
import { readSystemConfig } from '../../runtime/src/config.ts';
import { defineSystem } from '../../runtime/src/system/define-system.ts';
import { defineCalls } from './define-calls.ts';
import { wiringOf } from './wiring-of.ts';

const input = z.object({});
const act = action({ route: 'POST /points', input, output: input, example: { input: {}, output: {} } });
const app = {
  services: { legacy: outside({ add: act }), stock: participant({ take: act }) },
  sagas: {},
  events: {},
};
const system = defineSystem(app, {
  services: {
    legacy: { url: 'https://legacy.internal', headers: ({ LEGACY_KEY }) => ({ 'X-Api-Key': LEGACY_KEY ?? '' }) },
    stock: { entry: 'services/stock/main.ts', port: 7301 },
  },
  api: { entry: 'api/main.ts', port: 8080 },
  workers: { entry: 'workers/main.ts' },
});
const readRefusal = () => undefined;
const calls = defineCalls(app, { legacy: { readRefusal } });
const wiredBy = (env: Readonly<Record<string, string>>) => wiringOf(readSystemConfig(system, env), calls);

it('each service is called where the environment places it, an outsider with headers of its own', () => {
  const wiring = wiredBy({ LEGACY_KEY: 'a-key', STOCK_PORT: '7999', SERVICE_TOKEN: 'a-token-of-our-own' });
  expect(wiring).toMatchObject({
    contracts: app.services,
    urls: { legacy: 'https://legacy.internal', stock: 'http://127.0.0.1:7999' },
    serviceToken: 'a-token-of-our-own',
  });
  expect(wiring.outsiders).toEqual({ legacy: { headers: { 'x-api-key': 'a-key' }, readRefusal } });
});

it('a header that cannot be sent stops the start, and its value is not told', () => {
  const start = () => wiredBy({ LEGACY_KEY: 'line one\nline two' });
  expect(start).toThrow(ConfigError);
  expect(start).toThrow(/^The headers of legacy cannot be sent: [^"]*allow\.$/);
});
