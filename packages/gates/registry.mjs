import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run, toolOf } from './tools.mjs';

const READY_WITHIN_MS = 60_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Ports of 127.0.0.1 that are free now, all different. */
export const freePorts = async (count) => {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};

/** Waits until its output has those words. @throws Error when it has not in time, or the process has ended */
export const untilSays = async (words, { child, withinMs = READY_WITHIN_MS, log }) => {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(250)) {
    if (log().includes(words)) return;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it said '${words}'`);
  }
  throw new Error(`it did not say '${words}' in ${withinMs / 1_000} s`);
};

/** Asks until it answers with success. @throws Error when it does not in time, or the process has ended */
export const untilAnswers = async (url, { child, withinMs = READY_WITHIN_MS, log }) => {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(250)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it answered:\n${log()}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`${url} did not answer in ${withinMs / 1_000} s:\n${log()}`);
};

/** A process whose output is kept; `stop` ends it by its id, and waits. */
export const startProcess = (command, args, options) => {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => lines.push(String(chunk)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  return { child, stop, log: () => lines.join('') };
};

/** A registry on loopback for packages of ours; everything else it asks of the registry that npm is set up with. */
export const startRegistry = async (tools, folder) => {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}/`;
  const ours = '{ access: $all, publish: $anonymous }';
  // many small requests at once; one that is late says nothing of the next
  const upstream = `url: '${run('npm', ['config', 'get', 'registry']).trim()}', cache: true, timeout: 60s, maxage: 1h`;
  const config = `storage: ${join(folder, 'storage')}
listen: 127.0.0.1:${port}
auth: { htpasswd: { file: ${join(folder, 'htpasswd')}, max_users: -1 } }
uplinks: { upstream: { ${upstream}, max_fails: 1000, agent_options: { keepAlive: true, maxSockets: 40 } } }
packages:
  '@amends/*': ${ours}
  amends: ${ours}
  create-amends: ${ours}
  '**': { access: $all, proxy: upstream }
log: { type: stdout, format: pretty, level: warn }
`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), config);
  // npm wants a token to publish with, whatever it is
  await writeFile(join(folder, 'npmrc'), `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`);
  const registry = startProcess(toolOf(tools, 'verdaccio'), ['--config', join(folder, 'config.yaml')], { cwd: folder });
  await untilAnswers(`${url}-/ping`, registry);
  /** What npm has to find in its environment to use it, and no cache but its own. */
  const env = { NPM_CONFIG_USERCONFIG: join(folder, 'npmrc'), NPM_CONFIG_CACHE: join(folder, 'npm-cache') };
  return { url, env, stop: registry.stop };
};
