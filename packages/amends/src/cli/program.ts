import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_PATIENCE_MS, DEFAULT_TIMEOUT_MS } from '../conform/index.ts';
import type { ComposeOptions } from '../compose/run-compose.ts';
import type { ConformOptions } from './conform/run-conform.ts';
import { addTestingCommands, type TestingCommands } from './testing-commands.ts';
import { wholeNumber } from './whole-number.ts';

/** What the commands do. */
export interface Commands extends TestingCommands {
  readonly start: () => Promise<void>;
  readonly build: () => Promise<void>;
  readonly compose: (options: ComposeOptions) => Promise<void>;
  readonly conform: (file: string, options: ConformOptions) => Promise<void>;
}

const MAX_PATIENCE_SECONDS = 3_600;

const httpUrl = (text: string): string => {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('It must be a URL that begins with http:// or https://.');
};

const variable = (text: string): string => {
  if (/^[A-Z_][A-Z0-9_]*$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the name of an environment variable, not the token itself.');
};

/** The command line of `amends`; it does nothing until it parses arguments. */
export const createProgram = (commands: Commands): Command => {
  const program = new Command('amends')
    .description(
      'Amends runs business processes across services as sagas: what was done is undone when a later step fails. ' +
        'These commands are for the application in whose folder they are called: its amends.config.ts says what runs where.',
    )
    .showHelpAfterError('Run it with --help to see what it takes.')
    // exit code 1 says that a promise is broken, which a wrong command line must not
    .exitOverride();

  program
    .command('start')
    .summary('run the whole system on this machine, until Ctrl-C')
    .description(
      'Starts what does not run yet: Temporal with its Web UI, PostgreSQL, NATS, the services, the workers and the API; the ' +
        'first time it fetches the servers. Prints where each is. Ctrl-C stops all of it in order; the next start goes on where it was.',
    )
    .action(() => commands.start());

  program
    .command('build')
    .summary('build the processes into dist/, for an image')
    .description('Builds each process of amends.config.ts to one file of the same path in dist/.')
    .action(() => commands.build());

  program
    .command('compose')
    .summary('print a docker-compose.yml of the system')
    .description(
      'Prints the whole system of amends.config.ts for Docker Compose: Temporal with its Web UI, PostgreSQL, NATS, and every ' +
        'process from one image, whose Dockerfile runs `amends build`.',
    )
    .option('--check [file]', 'print nothing, and fail when that file (default docker-compose.yml) is another')
    .addHelpText('after', '\nExample:\n  amends compose > docker-compose.yml')
    .action(commands.compose);

  program
    .command('conform')
    .usage('[options] <file>')
    .summary('check whether a running service keeps what a participant promises')
    .description(
      'Asks a running service, in any language, what sagas would ask it: again, at once, out of order, with connections ' +
        'that break. Prints a row for each promise (P1 to P11, docs/participants.md) and action, with what was sent, ' +
        'expected and came where one is broken. What it does there stays: let it run against a test installation.',
    )
    .argument('<file>', 'YAML with sample requests of its actions; docs/participants.md says what it holds')
    .option('--url <url>', 'where the service is, instead of where the file says', httpUrl)
    .option(
      '--token-from <variable>',
      "environment variable with the service's bearer token, instead of the file's",
      variable,
    )
    .option('--json', 'print the report as JSON', false)
    .option(
      '--timeout <seconds>',
      'how long one request may take',
      wholeNumber(1, MAX_PATIENCE_SECONDS),
      DEFAULT_TIMEOUT_MS / 1_000,
    )
    .option(
      '--patience <seconds>',
      'how long an answer is asked for again that says later (in-flight, busy, 503)',
      wholeNumber(1, MAX_PATIENCE_SECONDS),
      DEFAULT_PATIENCE_MS / 1_000,
    )
    .addHelpText(
      'after',
      `
Exit code: 0 when every promise is kept; 1 when one is broken; 2 when nothing
could be judged: the command line or the file cannot be used, or the service
cannot be reached.

Examples:
  amends conform services/payments/conform.yaml
  amends conform mine.yaml --url http://127.0.0.1:9000 --token-from MY_TOKEN`,
    )
    .action(commands.conform);

  addTestingCommands(program, commands);

  return program;
};
