import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startLoyaltyPoints } from '../../../../testing/fixtures/loyalty-points.ts';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { createScreen } from '../screen.ts';
import { runConform, type ConformOptions } from './run-conform.ts';

const LOYALTY = 'examples/loyalty-points/conform.yaml';
const options: ConformOptions = { json: false, timeout: 5, patience: 5 };

/** What the command prints and ends with. */
const conform = async (
  file: string,
  given: Partial<ConformOptions> = {},
  environment: Readonly<Record<string, string>> = {},
) => {
  const printed: string[] = [];
  const said: string[] = [];
  const screen = createScreen({ write: (text) => printed.push(text) });
  const aside = createScreen({ write: (text) => said.push(text) });
  const code = await runConform(file, { ...options, ...given }, { environment, screen, aside });
  return { code, printed: printed.join(''), said: said.join('') };
};

const fileOf = async (text: string): Promise<string> => {
  const file = join(await temporaryFolder(), 'conform.yaml');
  await writeFile(file, text);
  return file;
};

const NOBODY = 'http://127.0.0.1:1';

it('prints a row for each promise and action of a service that keeps them, in their order, and ends with 0', async () => {
  const service = await startLoyaltyPoints(join(await temporaryFolder(), 'loyalty.db'));
  onTestFinished(service.kill);
  const { code, printed, said } = await conform(LOYALTY, { url: service.url });
  expect(said).toBe('');
  const names = [...printed.matchAll(/^(P\d+|input)\b/gm)].map(([, name]) => name);
  expect(names).toEqual(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P11', 'input']);
  expect(printed).toMatch(/^P1 +once, however often it is asked +award +pass$/m);
  expect(printed).toMatch(/28 passed, 0 failed, 0 skipped\.\nIt keeps its promises\.\n$/);
  expect(code).toBe(0);
}, 60_000);

it.each([false, true])(
  'prints nothing that a terminal obeys, whatever the service says (as JSON: %s)',
  async (json) => {
    const said = 'clear \u001B[2J\u009B31m \u0007\u202Ereversed\u2069\u200B\r\nP1  pass \u{E0041}';
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/plain' }).end(said));
    });
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = await fileOf(
      `url: ${url}\nactions:\n  buy: { route: POST /buy, body: { id: '{{id}}' }, undo: true }\n`,
    );
    const { code, printed } = await conform(file, { json });
    expect(code).toBe(1);
    expect(printed).toContain(String.raw`clear \u001b[2J\u009b31m`);
    expect(printed).toContain(
      String.raw`\u0007\u202ereversed\u2069\u200b${json ? String.raw`\r\n` : String.raw`\u000d\u000a`}P1  pass`,
    );
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(printed).not.toMatch(/^P1 {2}pass/m);
    expect(json ? JSON.parse(printed) : { kept: false }).toMatchObject({ kept: false });
  },
  60_000,
);

it('says of a service that breaks them what was sent, expected and came, and ends with 1', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = await fileOf(`url: ${url}\nactions:\n  buy: { route: POST /buy, body: { id: '{{id}}' }, undo: true }\n`);
  const { code, printed } = await conform(file);
  expect(printed).toMatch(
    /^P4 +no action after its undo +buy +FAIL\n {4}an action that comes after it was undone is /m,
  );
  const [, reason = ''] = /no action after its undo[^]*?( {6}sent [^]*? {6}came [^\n]*)/.exec(printed) ?? [];
  expect(reason.replaceAll(/\s+/g, ' ')).toMatch(
    /^ sent POST \/saga-operations\/undo Idempotency-Key: conform:\S+\/buy expected 200 with the operation conform:\S+\/buy in the state undone came \S/,
  );
  expect(printed).toContain('Judged by answers alone, without `effects`: buy.');
  expect(printed).toMatch(/It does not keep its promises\.\n$/);
  expect(code).toBe(1);
  const { code: again, printed: json } = await conform(file, { json: true });
  expect(again).toBe(1);
  expect(JSON.parse(json)).toMatchObject({ kept: false, url, uncounted: ['buy'], rows: expect.any(Array) });
}, 60_000);

it.each([
  [
    'nobody listens',
    { url: NOBODY },
    {},
    /^http:\/\/127\.0\.0\.1:1: The service cannot be reached: connection refused\.\n$/,
  ],
  [
    'the token is not set',
    { url: NOBODY, tokenFrom: 'MINE' },
    {},
    /^The token is to come from MINE, which is not set\.\n$/,
  ],
] as const)('ends with 2, and a sentence, when %s', async (_, given, environment, sentence) => {
  const { code, printed, said } = await conform(LOYALTY, given, environment);
  expect(said).toMatch(sentence);
  expect(printed).toBe('');
  expect(code).toBe(2);
});

it.each([
  ['', /conform\.yaml is empty: it must name a service's actions$/],
  ['- a\n', /:1: the file must be names with values, as a: b$/],
  ['url: [\n', /:2: Flow sequence .* must .* end with a \]$/],
  ['actions: *nobody\n', /: Unresolved alias .*: nobody$/],
  [
    'actions: { a: { route: POST /a, body: {{id}}, undo: true } }',
    /:1: .* a placeholder needs quotes, as '\{\{id\}\}'$/,
  ],
  [
    "actions:\n  a: { route: POST /a, body: { n: '{{id}}' }, undo: yes }",
    /:2: actions\.a\.undo must be true or false$/,
  ],
  [
    "actions:\n  a:\n    route: GET /a\n    body: '{{id}}'\n    undo: true",
    /:3: actions\.a\.route must be POST and a path, /,
  ],
  ["actions:\n  a: { route: POST /a, body: '{{id}}' }", /:2: actions\.a\.undo is missing$/],
  [
    "actions:\n  a:\n    route: POST /a\n    bodi: '{{id}}'\n    undo: true",
    /:4: actions\.a\.bodi is not known here$/m,
  ],
  [
    'actions:\n  a: { route: POST /a, body: 1, undo: true }',
    /:2: actions\.a must have \{\{id\}\} in its route or body/,
  ],
  [
    "actions:\n  a: { route: POST /a, body: '{{b.c}}', undo: true }",
    /:2: actions\.a names \{\{b\}\}, which is neither id, run/,
  ],
  ["actions:\n  a: { route: POST /a, body: '{{id}}', undo: true, before: [a] }", /a comes before itself$/],
  [
    "url: ftp://x\nactions:\n  a: { route: POST /a, body: '{{id}}', undo: true }",
    /:1: url must be a URL that begins with http/,
  ],
  ["actions:\n  a: { route: POST /a, body: '{{id}}', undo: true }", /names no url; give one with --url\.$/],
  ['actions: {}', /:1: actions must name one action at least$/],
])('ends with 2 for the file %j, and names the line of the mistake', async (text, sentence) => {
  const { code, said } = await conform(await fileOf(text));
  expect(said.trimEnd()).toMatch(sentence);
  expect(code).toBe(2);
});

const COMMAND = fileURLToPath(new URL('../../../bin/amends.mjs', import.meta.url));

it.each([
  [['conform'], /^error: missing required argument 'file'\n/],
  [['conform', 'nobody-has-it.yaml'], /^nobody-has-it\.yaml cannot be read: there is no such file\.\n$/],
  [['conform', 'examples'], /^examples cannot be read: it is a folder\.\n$/],
])(
  'as a command, %j ends with 2',
  async (args, sentence) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(said).toMatch(sentence);
    expect(code).toBe(2);
  },
  30_000,
);
