import { Hono } from 'hono';
import { Pool } from 'pg';
import { expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/src/config-error.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { withOutbox } from './with-outbox.ts';

it('E6: a service whose events nobody would take does not start: they would count as sent', async () => {
  const parts = { pool: new Pool(), log: createLog('test', 'silent'), maxBodyBytes: 1_024 };
  const started = withOutbox(parts, { natsUrl: undefined, receivers: [] }, () => new Hono());
  await expect(started).rejects.toThrow(ConfigError);
});
