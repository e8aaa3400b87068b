import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectBroker } from '../../../events/src/broker/connect-broker.ts';
import { readConfig } from '../../../runtime/src/config.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { freePorts } from './ports/free-ports.ts';
import { checkGivenServers } from './given-servers.ts';
import { findNatsServer } from './servers/nats-program.ts';

let server: ReturnType<typeof spawn>;
let host: string;
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  host = `127.0.0.1:${port}`;
  const program = await findNatsServer(readConfig(), { report: () => undefined });
  server = spawn(program, ['-a', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of server.stderr ?? []) if (String(line).includes('Server is ready')) break;
});
afterAll(async () => {
  server.kill();
  await once(server, 'exit');
});

it('G 22: a NATS server without JetStream stops the start at once, with the variable', async () => {
  const config = readConfig({ NATS_URL: `nats://${host}` });
  const began = Date.now();
  await expect(checkGivenServers(config)).rejects.toThrow(`NATS_URL names ${host}, a server without JetStream: `);
  expect(Date.now() - began).toBeLessThan(5_000);
});

it('G 22: a process that runs says so too, within seconds', async () => {
  const connection = connectBroker(`nats://${host}`, createLog('test', 'silent'));
  await expect
    .poll(() => connection.reason(), { timeout: 10_000 })
    .toMatch(`NATS_URL names ${host}, a server without JetStream: enable JetStream there, or name another`);
  await connection.close();
});

it('G 22: so does a namespace that there is not', async () => {
  process.env['TEMPORAL_NAMESPACE'] = 'no-such-namespace';
  try {
    const config = readConfig({ TEMPORAL_ADDRESS: inject('temporalAddress') });
    await expect(checkGivenServers(config)).rejects.toThrow(/^TEMPORAL_NAMESPACE names no-such-namespace, which /);
  } finally {
    delete process.env['TEMPORAL_NAMESPACE'];
  }
});
