import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverFolder, startTestPostgres, type TestServer } from '../../../testing/src/servers/servers.ts';
import { prepareDatabases } from './databases.ts';

let server: TestServer;
let passwords = '';
let remove = async (): Promise<void> => {};

beforeAll(async () => {
  const made = await serverFolder();
  remove = made.remove;
  server = await startTestPostgres(made.folder);
  passwords = join(made.folder, 'passwords');
  // as somebody's own server has it: a role that may create databases and roles, and is no superuser
  await query(server.address, `create role boss login createdb createrole password 'secret'`);
});

afterAll(async () => {
  await server.child.stop();
  await remove();
});

const SERVICES = ['orders', 'inventory', 'payments', 'shipping', 'notifications'] as const;

/** The URL of each service's database. */
const prepared = async (adminUrl: string) => {
  const urls = await prepareDatabases(adminUrl, passwords, SERVICES);
  const urlOf = (service: (typeof SERVICES)[number]): string => {
    const url = urls[service];
    if (url === undefined) throw new Error(`${service} has no database`);
    return url;
  };
  return { orders: urlOf('orders'), payments: urlOf('payments') };
};

const query = async (connectionString: string, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return rows;
  } finally {
    await client.end();
  }
};

const asBoss = (): string => {
  const url = new URL(server.address);
  url.username = 'boss';
  url.password = 'secret';
  return url.href;
};

it('gives each service a database that it owns and no other service may enter', async () => {
  const urls = await prepared(asBoss());
  await query(urls.orders, 'create table mine (id int)');
  const theirs = new URL(urls.payments);
  theirs.pathname = '/orders';
  await expect(query(theirs.href, 'select 1')).rejects.toThrow('permission denied for database "orders"');
});

it('keeps each password in a file that only its owner may read', async () => {
  expect(await readdir(passwords)).toHaveLength(5);
  const file = join(passwords, 'orders');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(passwords)).mode & 0o777).toBe(0o700);
  expect((await readFile(file, 'utf8')).trim()).toMatch(/^[0-9a-f]{48}$/);
});

it('a second time it finds everything as it was, and a lost password is replaced', async () => {
  const before = await prepared(asBoss());
  expect(await query(before.orders, 'select count(*)::int as tables from mine')).toEqual([{ tables: 0 }]);
  await rm(join(passwords, 'orders'));
  const after = await prepared(asBoss());
  expect(after.orders).not.toBe(before.orders);
  expect(after.payments).toBe(before.payments);
  expect(await query(after.orders, 'select count(*)::int as tables from mine')).toEqual([{ tables: 0 }]);
});

it("leaves a database alone that is somebody else's, and says so", async () => {
  await query(server.address, 'alter database shipping owner to postgres');
  await expect(prepared(asBoss())).rejects.toThrow(/a database shipping that belongs to postgres/);
});

it('says when the server cannot be reached', async () => {
  const url = new URL(server.address);
  url.port = '1';
  await expect(prepared(url.href)).rejects.toThrow(/^The databases could not be made: .*ECONNREFUSED/);
});
