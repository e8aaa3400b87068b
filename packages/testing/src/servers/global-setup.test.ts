import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Connection } from '@temporalio/client';
import { Client } from 'pg';
import { expect, inject, it } from 'vitest';
import { freshDatabase } from './database.ts';

it('a real Temporal server runs, with the search attributes of the project', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['SagaStatus', 'SagaKey', 'SagaStep']));
  await connection.close();
});

it('a real PostgreSQL runs, and gives every test a database of its own', async () => {
  const database = await freshDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as tables from pg_tables where schemaname = $1', [
    'public',
  ]);
  expect(rows).toEqual([{ tables: 0 }]);
  await client.end();
  await database.drop();
});

it('a real NATS server runs, with JetStream', async () => {
  const connection = await connect({ servers: inject('natsUrl') });
  const manager = await jetstreamManager(connection);
  expect((await manager.getAccountInfo()).limits).toBeDefined();
  await connection.close();
});
