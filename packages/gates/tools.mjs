import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = dirname(dirname(HERE));
const FOLDER = join(ROOT, 'node_modules', '.cache', 'gates');

/** Runs a command to its end; answers what it printed. @throws Error with all of it when it fails */
export const run = (command, args, options = {}) => {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...options,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${status ?? signal ?? error?.message}:\n${stdout}${stderr}`);
};

/** The same, beside others. */
export const runBeside = async (command, args, options = {}) => {
  try {
    return (await promisify(execFile)(command, args, { maxBuffer: 64 << 20, ...options })).stdout;
  } catch (error) {
    const { code, signal, stdout = '', stderr = '' } = error;
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${stdout}${stderr}`, { cause: error });
  }
};

/** Where publint, attw and verdaccio are, at the versions of tools/package.json; installed there once. */
export const toolsFolder = async () => {
  const wanted = await readFile(join(HERE, 'tools', 'package.json'), 'utf8');
  const there = await readFile(join(FOLDER, 'installed.json'), 'utf8').catch(() => '');
  if (there !== wanted) {
    await mkdir(FOLDER, { recursive: true });
    await cp(join(HERE, 'tools', 'package.json'), join(FOLDER, 'package.json'));
    run('npm', ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: FOLDER });
    await cp(join(FOLDER, 'package.json'), join(FOLDER, 'installed.json'));
  }
  return FOLDER;
};

/** The program of one of them. */
export const toolOf = (folder, name) => join(folder, 'node_modules', '.bin', name);
