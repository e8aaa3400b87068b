import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, inject, it } from 'vitest';

/** Makes the SDK's native part say something: a worker whose server goes away. */
const WORKERS = `
import { NativeConnection, Worker } from '@temporalio/worker';
import { connect, createServer } from 'node:net';
import { createLog } from './packages/runtime/src/log.ts';
import { installRuntime } from './packages/worker/src/sdk-log.ts';
installRuntime(createLog('workers', 'info'));
const [host, port] = process.argv[1].split(':');
const sockets = new Set();
const proxy = createServer((from) => {
  const to = connect(Number(port), host);
  for (const each of [from, to]) { sockets.add(each); each.on('error', () => {}); }
  from.pipe(to).pipe(from);
});
await new Promise((listening) => proxy.listen(0, '127.0.0.1', listening));
const connection = await NativeConnection.connect({ address: '127.0.0.1:' + proxy.address().port });
const worker = await Worker.create({ connection, namespace: 'default', taskQueue: 'nobody', activities: { nothing: async () => {} } });
void worker.run().catch(() => {});
setTimeout(() => { proxy.close(); for (const each of sockets) each.destroy(); }, 1_000);
setTimeout(() => process.exit(0), 8_000);
`;

it(
  'every line of the workers’ log is JSON, what the native part of the SDK says too',
  { timeout: 60_000 },
  async () => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', WORKERS, inject('temporalAddress')];
    const child = spawn(process.execPath, args, {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    await once(child, 'close');
    const lines = output.trimEnd().split('\n');
    expect(lines.join('\n')).toContain('gRPC');
    for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  },
);
