// The packages as a newcomer gets them, once a run: npm run try:published
// packed, published to a registry on loopback, an application created of them in an empty folder, tested, started, and taken to the
// next version with a saga open.
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../pack.mjs';
import { wrongDeclarations, wrongWith } from './check-tarballs.mjs';
import { countInstalled } from './count-installed.mjs';
import { freePorts, startProcess, startRegistry, untilSays } from './registry.mjs';
import { run, toolsFolder } from './tools.mjs';

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
    await use(ask);
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
  for (const tarball of tarballs) run('npm', ['publish', tarball], { cwd: folder, env });
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
    wrong.push(...(await wrongWith(tarballs, tools)), ...(await wrongDeclarations()));
    say(`publint, attw, declarations: ${wrong.length === 0 ? 'good' : `${wrong.length} wrong`}`);

    const away = join(root, 'away');
    await mkdir(away);
    run('npm', ['create', '--yes', 'amends@latest', 'travel'], { cwd: away, env });
    const app = join(away, 'travel');
    say('npm create amends@latest travel');
    run('npm', ['install'], { cwd: app, env });
    say('npm install');
    run('npm', ['run', 'types'], { cwd: app, env });
    say('npm run types');
    wrong.push(...(await strictlyWrong(app)));
    say('the same with the declarations of packages checked');

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
    await whileItRuns(app, system, async (ask) => {
      await closesAs(ask, 'completed');
      await closesAs(ask, 'compensated', { hotel: 'Full House' });
      const { status } = await ask('/sagas/bookTrip', { ...TRIP, tripId: key, price: 150_000 }, 0);
      must(status === 202, `a trip that waits for a person should be open: ${status}`);
      say('a trip that waits for a person: open');
    });
    say('stopped');
    must(!/node_modules\/zod/.test(await bundleOf(app)), 'zod is in the bundle of the workflows');

    await publish(join(root, 'second'), env, NEXT);
    run('npm', ['update'], { cwd: app, env });
    const { version } = JSON.parse(
      await readFile(join(app, 'node_modules', '@amends', 'saga', 'package.json'), 'utf8'),
    );
    must(version === NEXT, `npm update left @amends/saga at ${version}`);
    say(`npm update: ${version}`);
    await whileItRuns(app, system, async (ask) => {
      const { body } = await ask(`/sagas/bookTrip:${key}/approvals/approveTrip`, {
        decision: 'approved',
        reason: 'why not',
      });
      for (let tries = 0; tries < 60; tries += 1) {
        if ((await ask(`/sagas/bookTrip:${key}`)).body.status === 'completed')
          return say('the trip that was open: completed');
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      throw new Error(`the trip that was open does not end: ${JSON.stringify(body)}`);
    });
    say('stopped');
    run('npm', ['test'], { cwd: app, env });
    say('npm test');
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
