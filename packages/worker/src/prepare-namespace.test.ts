import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTS_MAX_AGE_DAYS, PURGE_LIMIT_DAYS, RETENTION_DAYS } from '../../contracts/src/protocol/keeping.ts';
import { createLog } from '../../runtime/src/log.ts';
import { freshNamespace } from '../../testing/src/servers/namespace.ts';
import { prepareNamespace } from './prepare-namespace.ts';
import { untilConnected } from './until-connected.ts';

const DAY_S = 86_400;
const PERMISSION_DENIED = 7;
const log = createLog('test', 'silent');

let space: Awaited<ReturnType<typeof freshNamespace>>;
let connection: NativeConnection;
beforeAll(async () => {
  space = await freshNamespace();
  connection = await NativeConnection.connect({ address: space.address });
});
afterAll(async () => {
  await connection?.close();
  await space?.close();
});

const set = async (days: number) => {
  const { namespace, client } = space;
  const config = { workflowExecutionRetentionTtl: { seconds: (days * DAY_S) as never } };
  await client.workflowService.updateNamespace({ namespace, config });
};
const retention = async (): Promise<number> => {
  const { config } = await space.client.workflowService.describeNamespace({ namespace: space.namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds) / DAY_S;
};
const prepare = (by = connection) =>
  untilConnected('the namespace', () => prepareNamespace(by, space.namespace, log), log);

/** The real server, but for one thing: this worker may not change a namespace. */
const withoutPermission = (): NativeConnection => {
  const denied = Object.assign(new Error('Request unauthorized.'), { code: PERMISSION_DENIED });
  const workflowService = Object.create(connection.workflowService, {
    updateNamespace: { value: () => Promise.reject(denied) },
  }) as typeof connection.workflowService;
  return Object.create(connection, { workflowService: { value: workflowService } }) as NativeConnection;
};

/** The same for its search attributes, of which one is missing. */
const withoutAttributes = (): NativeConnection => {
  const denied = Object.assign(new Error('Request unauthorized.'), { code: PERMISSION_DENIED });
  const operatorService = Object.create(connection.operatorService, {
    listSearchAttributes: {
      value: () => Promise.resolve({ customAttributes: { SagaStatus: 2, SagaKey: 2, SagaStartedAt: 6 } }),
    },
    addSearchAttributes: { value: () => Promise.reject(denied) },
  }) as typeof connection.operatorService;
  return Object.create(connection, { operatorService: { value: operatorService } }) as NativeConnection;
};

it('a search attribute that is missing and may not be added stops the start with a sentence', async () => {
  await expect(prepare(withoutAttributes())).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/^Namespace .* lacks the search attributes SagaStep, and they may not be added/),
  });
});

it('E9: a search attribute that somebody has removed is there again', async () => {
  const { namespace } = space;
  await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: ['SagaStep'] });
  const has = async () => {
    await prepareNamespace(connection, namespace, log);
    return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes['SagaStep'];
  };
  await expect.poll(has, { timeout: 30_000 }).toBe(2);
});

it('G 22: a namespace that there is not is named, with its variable', async () => {
  await expect(prepareNamespace(connection, 'no-such-namespace', log)).rejects.toThrow(
    'Temporal has no namespace no-such-namespace: create it, or name another by TEMPORAL_NAMESPACE',
  );
});

describe('E2: purge limit > retention > the longest redelivery', () => {
  it('holds for the numbers we set', () => {
    expect(PURGE_LIMIT_DAYS).toBeGreaterThan(RETENTION_DAYS);
    expect(RETENTION_DAYS).toBeGreaterThan(EVENTS_MAX_AGE_DAYS);
  });

  it.each([
    ['a shorter retention is made longer', 1, RETENTION_DAYS],
    ['a longer one that still fits is kept', PURGE_LIMIT_DAYS - 1, PURGE_LIMIT_DAYS - 1],
  ])('%s', async (_, before, after) => {
    await set(before);
    await prepare();
    expect(await retention()).toBe(after);
  });

  it('a retention that reaches the purge limit stops the start with a sentence, and changes nothing', async () => {
    await set(PURGE_LIMIT_DAYS);
    await expect(prepare()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/90 days.*below 90/),
    });
    expect(await retention()).toBe(PURGE_LIMIT_DAYS);
  });

  it('a namespace that may not be changed is not tried for ever: what fits is taken, what does not stops the start', async () => {
    await set(EVENTS_MAX_AGE_DAYS + 1);
    await prepare(withoutPermission());
    await set(EVENTS_MAX_AGE_DAYS);
    await expect(prepare(withoutPermission())).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('may not be changed from here'),
    });
  });
});
