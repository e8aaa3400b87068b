import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../packages/runtime/src/log.ts';
import { canMount, smallDisk } from '../../packages/testing/fixtures/small-disk.ts';
import { createApp } from './app.ts';
import { openBank } from './bank.ts';

it.skipIf(!canMount)(
  'a card provider that cannot keep what it decides is not ready, and says when its journal is broken',
  async () => {
    const disk = await smallDisk(1);
    const bank = await openBank(join(disk.folder, 'journal.jsonl'));
    onTestFinished(() => bank.close());
    const app = createApp({ bank, log: createLog('test', 'silent'), maxBodyBytes: 10_000 });
    const ready = async () => (await app.request('/readyz')).status;
    expect(await ready()).toBe(200);
    disk.fill();
    expect(await ready()).toBe(503);
    const wish = { wish: 'hold', reference: 'o-1', amount: 100, currency: 'EUR', card: 'tok_ok' } as const;
    await expect(bank.ask('k-1', wish)).rejects.toThrow('ENOSPC');
    expect(await bank.broken).toMatchObject({ code: 'ENOSPC' });
    await disk.free();
    expect(await ready()).toBe(200);
  },
);
