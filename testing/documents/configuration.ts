// `node --import tsx testing/documents/configuration.ts --write` writes docs/configuration.md; without --write it is compared.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import system from '../../amends.config.ts';
import { ConfigError } from '../../packages/runtime/src/config-error.ts';
import { readConfig, VARIABLES } from '../../packages/runtime/src/config.ts';
import { placesOf } from '../../packages/runtime/src/system/places-of.ts';
import { markdownTable } from './markdown-table.ts';
import { DEFAULTS_IN_WORDS, VARIABLE_GROUPS } from './variables.ts';

export const CONFIGURATION_FILE = 'docs/configuration.md';
export const HOW_TO_WRITE = 'node --import tsx testing/documents/configuration.ts --write';

/** A value that no variable takes but those that take any text. */
const NONSENSE = '\u{1}';

/** What the variable takes, in the words in which the schema refuses nonsense. */
const takes = (name: string): string => {
  try {
    readConfig({ [name]: NONSENSE });
    return 'a path';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const words = error.message.replace(`${name} `, '').replace(/\.$/, '');
    const options = /expected one of (.*)$/.exec(words)?.[1];
    if (options !== undefined) return options.replaceAll('"', '`').replaceAll('|', ', ');
    return words
      .replace(/^must be /, '')
      .replace(/, not '.*$/, '')
      .replace(/^JSON: .*$/, 'JSON');
  }
};

const DEFAULTS: Readonly<Record<string, unknown>> = { ...readConfig({}) };
const defaultOf = (name: string): string => DEFAULTS_IN_WORDS[name] ?? `\`${String(DEFAULTS[name])}\``;

const groups = VARIABLE_GROUPS.map(({ title, intro, variables }) => {
  const rows = Object.entries(variables).map(([name, meaning]) => [
    `\`${name}\``,
    takes(name),
    defaultOf(name),
    meaning,
  ]);
  const table = markdownTable(['variable', 'takes', 'default', 'meaning'], rows);
  return [`### ${title}`, ...(intro === '' ? [] : [intro]), table].join('\n\n');
});

const places = placesOf(system, 'HOST', {}).flatMap(({ name, variable, port, url, folder, variables }) => [
  ...(port === null ? [] : [[`\`${variable}_PORT\``, `\`${port}\``, `where ${name} listens`]]),
  [`\`${variable}_URL\``, `\`${url}\``, `where others reach ${name}`],
  ...(folder === null
    ? []
    : [[`\`${folder}\``, 'in `AMENDS_STATE_DIR`', `the folder in which ${name} keeps its data`]]),
  ...variables.map((one) => [`\`${one}\``, 'none', `${name}'s own`]),
]);

/** A file that is compiled, and that a test reads as a system. */
const EXAMPLE_FILE = new URL('example-system.ts', import.meta.url);
const [, example = ''] = /^(export default [^]*)$/m.exec((await readFile(EXAMPLE_FILE, 'utf8')).trimEnd()) ?? [];

/** The document, as it should be. */
export const configurationDocument = `# Configuration

<!-- Written by \`${HOW_TO_WRITE}\` from the schema. Do not edit. -->

Two things configure an application: \`amends.config.ts\` says **what there is** (services, their ports or addresses, the API, the workers), and
environment variables say **how this installation differs**. Both are read once, when a process starts. A wrong value ends the process with one
sentence for each variable that is wrong. An empty variable counts as unset.

## Variables of every application

${groups.join('\n\n')}

## Variables that follow from \`amends.config.ts\`

Each service, each process under \`besides\`, and the API has variables that begin with its name: \`cardProvider\` and \`card-provider\` have
\`CARD_PROVIDER_PORT\` and \`CARD_PROVIDER_URL\`. \`variable: 'PROVIDER'\` gives them another beginning.

- \`<NAME>_PORT\`: the port on which its process listens. A service that runs elsewhere (\`url\`) has none.
- \`<NAME>_URL\`: where others reach it. The default is its own process, or the \`url\` of the configuration.

\`amends start\` hands an application's processes these variables, those of the tables above, those that begin with \`NODE_\`, \`SSL_\`, \`OTEL_\`,
\`PG\` or \`TEMPORAL_\` (services get none of Temporal's), and those that \`variables\` in \`amends.config.ts\` lists. Nothing else of your
environment reaches them.

The shop's, for example:

${markdownTable(['variable', 'default', 'meaning'], places)}

## What \`amends.config.ts\` says

\`\`\`ts
${example}
\`\`\`

From this list follow ports, addresses, databases and roles, what \`amends build\` builds and \`amends start\` starts, and the file that
\`amends compose\` prints.

- \`listens\`: the types of events that a service takes at \`POST /events\` when there is no broker, or \`'all'\`.
- \`workers.workflows\`: the file that exports every saga; the default is \`workflows/index.ts\`.
- \`tryIt\`: a function of the URLs that makes one command to try, which \`amends start\` prints.
- The compiler refuses a configuration that forgets a service of the application's contracts, or names one that there is not. Two processes with
  one port are refused when the file is read.

## \`AMENDS_TIMES\`

JSON that replaces times of all sagas (\`*\`), of one saga, or of one of its steps. A time is a number of milliseconds, or a text such as
\`"5s"\`, \`"2 hours"\` or \`"7d"\`.

\`\`\`json
{
  "*": { "budget": "1h" },
  "fulfilOrder": { "deadline": "2h", "startWithin": "7d" },
  "fulfilOrder.shipStock": { "attempt": "5s" },
  "sweep": "60s",
  "purge": "1d"
}
\`\`\`

${markdownTable(
  ['time', 'of', 'meaning'],
  [
    ['`deadline`', 'a saga', 'after it, a saga that is not past its point of no return is undone'],
    [
      '`startWithin`',
      'a saga',
      'how long a cancel or an event that came first is kept until its saga starts; default 7 days',
    ],
    ['`attempt`', 'a step', 'how long one call may take'],
    ['`budget`', 'a step', 'how long an action is tried; after it the outcome is unknown'],
    ['`undoBudget`', 'a step', 'how long an undo is tried; after it the saga parks'],
    ['`within`', 'a wait', 'how long an event or an approval is waited for'],
    ['`sweep`', 'the workers', 'how often killed sagas are looked for; default 60 s'],
    [
      '`purge`',
      'the services',
      'how often operations of sagas that began more than 90 days ago are removed; default 1 day',
    ],
  ],
)}
`;

/** The names in the document that the schema does not have, and the other way round. */
export const unlikeSchema = (): { readonly unsaid: readonly string[]; readonly unknown: readonly string[] } => {
  const said = VARIABLE_GROUPS.flatMap(({ variables }) => Object.keys(variables));
  return {
    unsaid: VARIABLES.filter((name) => !said.includes(name)),
    unknown: said.filter((name) => !VARIABLES.includes(name)),
  };
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--write')) await writeFile(CONFIGURATION_FILE, configurationDocument);
  else if ((await readFile(CONFIGURATION_FILE, 'utf8')) !== configurationDocument) {
    console.error(`${CONFIGURATION_FILE} is not what the schema says: ${HOW_TO_WRITE}`);
    process.exitCode = 1;
  }
}
