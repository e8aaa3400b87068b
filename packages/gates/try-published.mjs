// The packages as a newcomer gets them, once a run: npm run try:published
// packed, published to a registry on loopback, an application created of them in an empty folder, put through the commands of its CI
// file, started, asked as its README says, and taken to the next version with a saga open.
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../pack.mjs';
import { wrongDeclarations, wrongWith } from './check-tarballs.mjs';
import { countInstalled } from './count-installed.mjs';
import { freePorts, startProcess, startRegistry, untilSays } from './registry.mjs';
import { runBeside, toolsFolder } from './tools.mjs';

const NEXT = '0.1.1';
/** PostgreSQL does not run as root: whoever it runs as must be able to pass. */
const ANYONE_MAY_PASS = 0o711;
const START_WITHIN_MS = 300_000;
const PORTS = ['TEMPORAL', 'TEMPORAL_UI', 'POSTGRES', 'NATS', 'FLIGHTS', 'HOTELS', 'LOYALTY_STAND_IN', 'API'];
const TRIP = { traveller: 'A. Person', flight: 'AM100', hotel: 'Harbour', nights: 3, price: 42_000 };

const begun = Date.now();
const say = (line) => console.log(`${String(Math.round((Date.now() - begun) / 1_000)).padStart(4)} s  ${line}`);
const must = (holds, words) => {
  if (!holds) throw new Error(words);
};

/** Starts the application on ports of its own; `use` is handed what asks its API; then it is stopped by its id. */
const whileItRuns = async (app, env, use) => {
  const started = startProcess('npm', ['start'], { cwd: app, env });
  const api = `http://127.0.0.1:${env.API_PORT}`;
  const ask = async (path, body, wait = 30) => {
    const answer = await fetch(api + path, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', prefer: `wait=${wait}` },
    });
    return { status: answer.status, body: await answer.json() };
  };
  try {
    await untilSays('Ctrl-C stops it', { ...started, withinMs: START_WITHIN_MS });
    say(`npm start: it runs, its API at ${api}`);
    await use(ask, api);
  } catch (error) {
    throw new Error(`${error.message}\n${started.log()}`, { cause: error });
  } finally {
    await started.stop();
  }
};

const closesAs = async (ask, status, changes) => {
  const { body } = await ask('/sagas/bookTrip', { ...TRIP, tripId: `t-${status}`, ...changes });
  must(body.status === status, `a trip should be ${status}: ${JSON.stringify(body)}`);
  say(`a trip over HTTP: ${body.status}${body.cause ? ` (${body.cause.code})` : ''}`);
};

/** What its CI file runs, each command as it stands there. */
const runItsCi = async (app, env) => {
  const text = await readFile(join(app, '.github', 'workflows', 'ci.yml'), 'utf8');
  const commands = [...text.matchAll(/^ *- run: (.+)$/gm)].map(([, command]) => command);
  must(commands.includes('npm ci') && commands.length >= 3, `its CI runs ${commands.join('; ')}`);
  for (const command of commands) {
    await runBeside('bash', ['-c', command], { cwd: app, env });
    say(`its CI: ${command}`);
  }
};

/** What its README says to try, while it runs; the last command lists what has been undone. */
const tryAsReadme = async (app, api) => {
  const text = await readFile(join(app, 'README.md'), 'utf8');
  const [, commands] = /^```sh\n(# a trip[^]*?)^```$/m.exec(text) ?? [];
  must(commands !== undefined, 'its README has nothing to try');
  const said = await runBeside('bash', [
    '-e',
    '-c',
    commands.replaceAll('curl ', 'curl -fsS ').replaceAll('http://127.0.0.1:8080', api),
  ]);
  for (const [key, status] of Object.entries({ 't-1': 'completed', 't-3': 'completed', 't-4': 'completed' })) {
    await untilIs(api, key, status);
  }
  must(/"items":\[\{"id":"bookTrip:t-2"/.test(said), `its README should have a trip undone: ${said}`);
  say('what its README says to try: a trip booked, one undone, one approved, one by an event');
};

const untilIs = async (api, key, status) => {
  let body;
  for (let tries = 0; tries < 60; tries += 1) {
    body = await (await fetch(`${api}/sagas/bookTrip:${key}`)).json();
    if (body.status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the trip ${key} should be ${status}: ${JSON.stringify(body)}`);
};

/** How its README says that a changed schema becomes SQL. */
const migrationsCommand = (text) => {
  const [command] = /npx drizzle-kit [^`]+/.exec(text) ?? [];
  must(command !== undefined, 'its README says nothing of migrations');
  return command;
};

/** Declarations that only a lax compiler takes. */
const strictlyWrong = async (app) => {
  const config = { extends: './tsconfig.json', compilerOptions: { skipLibCheck: false, lib: ['ES2023', 'DOM'] } };
  await writeFile(join(app, 'tsconfig.strict.json'), JSON.stringify(config));
  const { stdout } = spawnSync('npx', ['tsc', '-p', 'tsconfig.strict.json'], { cwd: app, encoding: 'utf8' });
  await rm(join(app, 'tsconfig.strict.json'));
  return stdout.split('\n').filter((line) => /^node_modules\/(@amends|amends)\//.test(line));
};

const bundleOf = async (app) => {
  const cache = join(app, 'node_modules', '.cache', 'amends');
  const [name] = (await readdir(cache)).filter((each) => /^workflows-[0-9a-f]+\.js$/.test(each));
  return readFile(join(cache, name), 'utf8');
};

const publish = async (folder, env, version) => {
  const tarballs = await packAll(folder, version === undefined ? {} : { version });
  await Promise.all(tarballs.map((tarball) => runBeside('npm', ['publish', tarball], { cwd: folder, env })));
  say(`published: ${tarballs.length} packages, ${version ?? 'as the workspace has them'}`);
  return tarballs;
};

const tryPublished = async (root) => {
  const tools = await toolsFolder();
  say('publint, attw and verdaccio are installed');
  const registry = await startRegistry(tools, join(root, 'registry'));
  const env = { ...process.env, ...registry.env };
  const wrong = [];
  try {
    const tarballs = await publish(join(root, 'first'), env);
    // beside what follows, which waits more for the disk and the network
    const checked = Promise.all([wrongWith(tarballs, tools), wrongDeclarations()]);
    checked.catch(() => {
      // awaited below
    });

    const away = join(root, 'away');
    await mkdir(away);
    await runBeside('npm', ['create', '--yes', 'amends@latest', 'travel'], { cwd: away, env });
    const app = join(away, 'travel');
    say('npm create amends@latest travel');
    await runBeside('npm', ['install'], { cwd: app, env });
    say('npm install');
    await runItsCi(app, env);
    await runBeside('npm', ['run', 'record'], { cwd: app, env });
    say('npm run record: histories of its own');
    await runBeside('bash', ['-c', migrationsCommand(await readFile(join(app, 'README.md'), 'utf8'))], {
      cwd: app,
      env,
    });
    say('its README: drizzle-kit generate');
    wrong.push(...(await strictlyWrong(app)));
    say('the same with the declarations of packages checked');

    const amiss = (await checked).flat();
    wrong.push(...amiss);
    say(`publint, attw, declarations: ${amiss.length === 0 ? 'good' : `${amiss.length} wrong`}`);

    const [ports, state] = [await freePorts(PORTS.length), join(root, 'state')];
    await mkdir(state, { mode: ANYONE_MAY_PASS });
    const own = Object.fromEntries(PORTS.map((name, at) => [`${name}_PORT`, String(ports[at])]));
    const system = {
      ...env,
      ...own,
      LOYALTY_URL: `http://127.0.0.1:${own.LOYALTY_STAND_IN_PORT}`,
      AMENDS_STATE_DIR: state,
    };
    const key = 't-open';
    await whileItRuns(app, system, async (ask, api) => {
      await closesAs(ask, 'completed');
      await closesAs(ask, 'compensated', { hotel: 'Full House' });
      await tryAsReadme(app, api);
      const { status } = await ask('/sagas/bookTrip', { ...TRIP, tripId: key, price: 150_000 }, 0);
      must(status === 202, `a trip that waits for a person should be open: ${status}`);
      say('a trip that waits for a person: open');
    });
    say('stopped');
    must(!/node_modules\/zod/.test(await bundleOf(app)), 'zod is in the bundle of the workflows');

    await publish(join(root, 'second'), env, NEXT);
    await runBeside('npm', ['update'], { cwd: app, env });
    const { version } = JSON.parse(
      await readFile(join(app, 'node_modules', '@amends', 'saga', 'package.json'), 'utf8'),
    );
    must(version === NEXT, `npm update left @amends/saga at ${version}`);
    say(`npm update: ${version}`);
    await whileItRuns(app, system, async (ask, api) => {
      await ask(`/sagas/bookTrip:${key}/approvals/approveTrip`, { decision: 'approved', reason: 'why not' });
      await untilIs(api, key, 'completed');
      say('the trip that was open: completed');
    });
    say('stopped');
    await runBeside('npm', ['test', '--', 'workflows/histories.test.ts'], { cwd: app, env });
    say('its histories replay on the second version');
    for (const line of await countInstalled(join(root, 'counted'), env)) say(line);
  } finally {
    await registry.stop();
  }
  return wrong;
};

const root = await mkdtemp(join(tmpdir(), 'amends-published-'));
await chmod(root, ANYONE_MAY_PASS);
try {
  const wrong = await tryPublished(root);
  for (const line of wrong) console.error(line);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
say(process.exitCode === 0 ? 'everything holds' : 'it does not hold');
