import { createServer } from 'node:net';
import { expect, inject, it, onTestFinished } from 'vitest';
import { readConfig } from '../../../runtime/src/config.ts';
import { freePorts } from './ports/free-ports.ts';
import { checkGivenServers } from './given-servers.ts';
import { StartError } from './start-error.ts';

const SOON_MS = 8_000;

it('passes when every server that is named answers, and when none is named', async () => {
  const given = {
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    DATABASE_URL: inject('postgresUrl'),
    NATS_URL: inject('natsUrl'),
  };
  await expect(checkGivenServers(readConfig(given))).resolves.toBeUndefined();
  await expect(checkGivenServers(readConfig({}))).resolves.toBeUndefined();
});

it('names every server out of reach with its variable, its address and why, but no password', async () => {
  const [a = 0, b = 0, c = 0] = await freePorts(3);
  const config = readConfig({
    TEMPORAL_ADDRESS: `127.0.0.1:${a}`,
    DATABASE_URL: `postgres://boss:secret@127.0.0.1:${b}/postgres`,
    NATS_URL: `nats://me:secret@127.0.0.1:${c}`,
  });
  const began = Date.now();
  const error = await checkGivenServers(config).catch((thrown: unknown) => thrown);
  expect(Date.now() - began).toBeLessThan(SOON_MS);
  expect(error).toBeInstanceOf(StartError);
  const { message } = error as StartError;
  expect(message.split('\n')).toEqual([
    expect.stringMatching(`^TEMPORAL_ADDRESS names 127.0.0.1:${a}, which is out of reach: .*ECONNREFUSED`),
    expect.stringMatching(`^DATABASE_URL names 127.0.0.1:${b}, which is out of reach: .*ECONNREFUSED`),
    expect.stringMatching(`^NATS_URL names 127.0.0.1:${c}, which is out of reach: .*(ECONNREFUSED|refused)`),
  ]);
  expect(message).not.toContain('secret');
});

it('does not wait for servers that take a connection and say nothing', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  const config = readConfig({
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    DATABASE_URL: `postgres://boss@127.0.0.1:${port}/postgres`,
    NATS_URL: `nats://127.0.0.1:${port}`,
  });
  const began = Date.now();
  await expect(checkGivenServers(config)).rejects.toThrow(/TEMPORAL_ADDRESS[^]*DATABASE_URL[^]*NATS_URL/);
  expect(Date.now() - began).toBeLessThan(SOON_MS);
});
