import { Gauge } from 'prom-client';
import { expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { createHttpApp } from './app.ts';

const parts = { log: createLog('test', 'silent'), maxBodyBytes: 10_000, ready: async () => undefined };

it('GET /metrics answers the process’s figures and those of its parts, as Prometheus reads them', async () => {
  const metrics = createMetrics();
  new Gauge({ name: 'amends_things', help: 'Things.', registers: [metrics] }).set(3);
  const answer = await createHttpApp({ ...parts, metrics }).request('/metrics');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const text = await answer.text();
  expect(text).toMatch(/^amends_things 3$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

it('an app without figures has no /metrics', async () => {
  expect((await createHttpApp(parts).request('/metrics')).status).toBe(404);
});
