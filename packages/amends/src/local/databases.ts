import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { StartError } from './start-error.ts';

const PASSWORD_BYTES = 24;
const CONNECT_TIMEOUT_MS = 10_000;
const OWNER_ONLY = { file: 0o600, folder: 0o700 };

/**
 * Gives each of these services a database and a role of its name, with a random password kept in a file only its owner may read, and
 * closes each database to all others. Harmless when they exist. Answers each service's URL.
 *
 * @throws StartError when the server is out of reach, the role may not create them, or a database belongs to someone else
 */
export const prepareDatabases = async (
  adminUrl: string,
  passwordFolder: string,
  services: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  await mkdir(passwordFolder, { recursive: true, mode: OWNER_ONLY.folder });
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const urls: [string, string][] = [];
    for (const service of services) {
      const password = await passwordOf(join(passwordFolder, service));
      await prepareRole(client, service, password);
      await prepareDatabase(client, service);
      urls.push([service, urlFor(adminUrl, service, password)]);
    }
    return Object.fromEntries(urls);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`The databases could not be made: ${(error as Error).message}.`, { cause: error });
  } finally {
    await client.end();
  }
};

const passwordOf = async (file: string): Promise<string> => {
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return known.trim();
  const password = randomBytes(PASSWORD_BYTES).toString('hex');
  await writeFile(file, `${password}\n`, { mode: OWNER_ONLY.file });
  return password;
};

const prepareRole = async (client: Client, name: string, password: string): Promise<void> => {
  const role = escapeIdentifier(name);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  await client.query(`${rowCount ? 'alter' : 'create'} role ${role} login password ${escapeLiteral(password)}`);
  const { rows } = await client.query<{ is_superuser: string }>('show is_superuser');
  // only a member of a role, or a superuser, may give it a database
  if (rows[0]?.is_superuser !== 'on') await client.query(`grant ${role} to current_user`);
};

const prepareDatabase = async (client: Client, name: string): Promise<void> => {
  const database = escapeIdentifier(name);
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
    [name],
  );
  const owner = rows[0]?.owner;
  if (owner === undefined) await client.query(`create database ${database} owner ${database}`);
  else if (owner !== name) {
    throw new StartError(
      `The server of DATABASE_URL has a database ${name} that belongs to ${owner}: it is left alone. Name another server, or remove it.`,
    );
  }
  await client.query(`revoke all on database ${database} from public`);
};

const urlFor = (adminUrl: string, service: string, password: string): string => {
  const url = new URL(adminUrl);
  url.username = service;
  url.password = password;
  url.pathname = `/${service}`;
  return url.href;
};
