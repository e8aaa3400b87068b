import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Child } from '../processes/child.ts';
import { LOOPBACK } from '../ports/loopback.ts';
import { natsServer } from './nats-server.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** What the check of a NATS server says of who listens there. */
const checked = async (greets: (socket: Socket) => void): Promise<void> => {
  const server = createServer(greets).listen(0, LOOPBACK);
  ends.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const folder = await mkdtemp(join(tmpdir(), 'amends-nats-check-'));
  ends.push(() => rm(folder, { recursive: true }));
  const { check } = await natsServer({ program: 'nats-server', host: LOOPBACK, port, folder, logFile: 'none' });
  await check({} as Child);
};

it('a server that greets is ready', async () => {
  await expect(checked((socket) => void socket.write('INFO {}\r\n'))).resolves.toBeUndefined();
});

it('one that is ended while it is asked is not ready, and is waited for no longer', async () => {
  await expect(checked((socket) => void socket.end())).rejects.toThrow('no greeting');
});

it('what says something else is no NATS server', async () => {
  await expect(checked((socket) => void socket.write('220 mail\r\n'))).rejects.toThrow('is no NATS server');
});
