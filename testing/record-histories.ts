// `npm run record`: runs every path of every saga on a real server, and writes its history down for the replay test.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect, it } from 'vitest';
import type { Order } from '../contracts/orders.ts';
import { HISTORIES, type Recorded } from './histories.ts';
import { redacted } from './redact-history.ts';
import { anOrder, startSagaBench } from './saga-bench.ts';

/** Path → what makes an order take it, and how it ends. */
const PATHS: Readonly<Record<string, { changes: Partial<Order>; status: string }>> = {
  completed: { changes: {}, status: 'completed' },
  declined: { changes: { paymentToken: 'tok_declined' }, status: 'compensated' },
  'out-of-stock': { changes: { lines: [{ sku: 'none', quantity: 1, unitPrice: 1 }] }, status: 'compensated' },
  'country-not-served': { changes: { shipTo: { country: 'KP' } }, status: 'compensated' },
  'answer-lost': { changes: { paymentToken: 'tok_answer_lost' }, status: 'completed' },
};

it('records a history of every path', async () => {
  const bench = await startSagaBench();
  const manifest: Recorded[] = [];
  await rm(HISTORIES, { recursive: true, force: true });
  await mkdir(HISTORIES, { recursive: true });
  for (const [name, { changes, status }] of Object.entries(PATHS)) {
    const order = await anOrder(bench.shop, { ...changes, orderId: `recorded-${name}` });
    const saga = await bench.start('fulfilOrder', order);
    expect((await saga.closed()).status, name).toBe(status);
    const file = `fulfilOrder.${name}.json`;
    const history = redacted(JSON.parse(historyToJSON(await saga.handle.fetchHistory())));
    await writeFile(path.join(HISTORIES, file), `${JSON.stringify(history)}\n`);
    manifest.push({ saga: 'fulfilOrder', path: name, workflowId: saga.id, status, file });
  }
  await writeFile(path.join(HISTORIES, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await bench.close();
});
