import { readFile } from 'node:fs/promises';
import {
  FileMistake,
  isKept,
  parseConformFile,
  runChecks,
  Unusable,
  type ConformFile,
  type Report,
} from '../../conform/index.ts';
import { CliStop } from '../cli-stop.ts';
import type { Screen } from '../screen.ts';
import { legible } from './legible.ts';
import { reportLines } from './print-report.ts';

export interface ConformOptions {
  /** Where the service is, instead of where the file says. */
  readonly url?: string;
  /** The environment variable of the token, instead of the one that the file names. */
  readonly tokenFrom?: string;
  readonly json: boolean;
  /** Of one request, in seconds. */
  readonly timeout: number;
  /** How long *later* is repeated, in seconds. */
  readonly patience: number;
}

/** How the command ends: every promise kept, one broken, or nothing that could be judged. */
export const EXIT = { kept: 0, broken: 1, unusable: 2 } as const;
export type ConformExit = (typeof EXIT)[keyof typeof EXIT];

interface Around {
  /** What the file's `tokenFrom` is looked up in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the table goes. */
  readonly screen: Screen;
  /** Where progress and complaints go. */
  readonly aside: Screen;
}

/** Checks a running service by a file, prints what came of it, and answers the exit code. */
export const runConform = async (file: string, options: ConformOptions, around: Around): Promise<ConformExit> => {
  const { screen, aside } = around;
  try {
    const report = await check(file, options, around);
    const lines = options.json
      ? JSON.stringify({ kept: isKept(report), ...report }, null, 2)
          .split('\n')
          .map(legible)
      : reportLines(report, screen);
    for (const line of lines) screen.line(line);
    return isKept(report) ? EXIT.kept : EXIT.broken;
  } catch (error) {
    if (!(error instanceof FileMistake || error instanceof Unusable || error instanceof CliStop)) throw error;
    for (const line of error.message.split('\n')) aside.line(legible(line));
    return EXIT.unusable;
  }
};

const check = async (name: string, options: ConformOptions, { environment, aside }: Around): Promise<Report> => {
  const file = parseConformFile(await read(name), name);
  const url = options.url ?? file.url;
  if (url === undefined) throw new FileMistake(`${name} names no url; give one with --url.`);
  const token = tokenFor(file, options, environment);
  const shown = aside.canRedraw(PROGRESS_COLUMNS, 1);
  try {
    return await runChecks(file, {
      url,
      token,
      timeoutMs: options.timeout * 1_000,
      patienceMs: options.patience * 1_000,
      progress: ({ row, of, promise, action }) => {
        if (shown) aside.redraw([`${row} of ${of}  ${promise} ${action ?? ''}`]);
      },
    });
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    throw new Unusable(`${url}: ${error.message}`, { cause: error });
  } finally {
    if (shown) aside.erase();
  }
};

const PROGRESS_COLUMNS = 60;

const read = async (name: string): Promise<string> => {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new CliStop(`${name} cannot be read: ${UNREAD[code] ?? message}.`, { cause: error });
  }
};

const UNREAD: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'access to it is denied',
};

const tokenFor = (
  file: ConformFile,
  options: ConformOptions,
  environment: Around['environment'],
): string | undefined => {
  const name = options.tokenFrom ?? file.tokenFrom;
  if (name === undefined) return undefined;
  const token = environment[name];
  if (token === undefined || token === '') throw new CliStop(`The token is to come from ${name}, which is not set.`);
  return token;
};
