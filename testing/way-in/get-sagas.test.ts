import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SagaList, type SagaView } from '../../packages/contracts/src/saga-view.ts';
import { listedMemo } from '../../packages/client/src/views/listed.ts';
import { SAGA_KEY, SAGA_STARTED_AT } from '../../packages/client/src/views/search-attributes.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles, hangs, refuses } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
const sagas: Record<string, SagaView> = {};
beforeAll(async () => {
  way = await startWayIn();
  const scripts = {
    completed: {},
    compensated: { authorizePayment: refuses('declined') },
    running: { acceptOrder: hangs },
    killed: { authorizePayment: hangs },
    parked: { shipStock: garbles },
    compensating: { authorizePayment: refuses('declined'), undoReserveStock: hangs },
  };
  for (const [status, script] of Object.entries(scripts)) {
    const { id } = await way.start(way.newOrder(), script);
    if (status === 'killed') await way.client.workflow.getHandle(id).terminate();
    sagas[status] = await way.until(
      id,
      (view) => view.status === status && (view.closedAt !== null) === isClosed(status) && view.version > 0,
    );
  }
});
afterAll(() => way?.close());

const isClosed = (status: string): boolean => ['completed', 'compensated', 'killed'].includes(status);
const list = async (query: string) => SagaList.parse(await (await way.request(`/sagas${query}`)).json());
const ids = ({ items }: SagaList): string[] => items.map(({ id }) => id);

describe('GET /sagas', () => {
  it.each(['completed', 'compensated', 'running', 'killed', 'parked'])(
    'finds the sagas that are %s',
    async (status) => {
      const page = await list(`?saga=fulfilOrder&status=${status}`);
      expect(ids(page)).toEqual([sagas[status]?.id]);
      const { id, saga, key, startedAt, closedAt, deadlineAt, trigger } = sagas[status] ?? {};
      const step = status === 'parked' ? 'shipStock' : null;
      expect(page.items[0]).toEqual({
        id,
        saga,
        key,
        status,
        step,
        startedAt,
        closedAt,
        deadlineAt,
        trigger,
        again: null,
      });
    },
  );

  it('shows every saga once', async () => {
    const { items, next } = await list('');
    expect(next).toBeNull();
    expect(new Set(items.map(({ id }) => id))).toEqual(new Set(Object.values(sagas).map(({ id }) => id)));
  });

  it('Temporal is asked once, or twice when it is slow, for what ten ask at once; other pages are their own', async () => {
    const asked = vi.spyOn(way.client.workflowService, 'listWorkflowExecutions');
    const queries = [...Array<string>(10).fill('?status=parked'), '?limit=1', '?limit=2'];
    const pages = await Promise.all(queries.map(list));
    expect(pages.map(({ items }) => items.length)).toEqual([...Array<number>(10).fill(1), 1, 2]);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(4);
    asked.mockRestore();
  });

  it.each([
    ['a first page has the later runs of its closed sagas', '?limit=100', 1],
    ['of a filter that leaves them out they are asked for', '?status=completed', 2],
  ])('Temporal is asked for no more than it must: %s', async (_, query, questions) => {
    const asked = vi.spyOn(way.client.workflowService, 'listWorkflowExecutions');
    const { items } = await list(query);
    expect(items.some(({ closedAt }) => closedAt !== null)).toBe(true);
    expect(asked).toHaveBeenCalledTimes(questions);
    asked.mockRestore();
  });

  it('finds a saga by its key', async () => {
    expect(ids(await list(`?key=${sagas['parked']?.key}`))).toEqual([sagas['parked']?.id]);
    expect(ids(await list('?key=nobody'))).toEqual([]);
  });

  it('compares startedAt with after and before, both exclusive', async () => {
    const at = encodeURIComponent(sagas['running']?.startedAt ?? '');
    const later = ids(await list(`?after=${at}`));
    const earlier = ids(await list(`?before=${at}`));
    expect(new Set(earlier)).toEqual(new Set([sagas['completed']?.id, sagas['compensated']?.id]));
    expect(earlier).toHaveLength(2);
    expect(later).not.toContain(sagas['running']?.id);
    expect(later).toHaveLength(Object.keys(sagas).length - earlier.length - 1);
  });

  it('pages by a cursor: every saga once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 10; page += 1) {
      const at: SagaList = await list(`?saga=fulfilOrder&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...ids(at));
      cursor = at.next;
    }
    expect(cursor).toBeNull();
    expect(seen).toHaveLength(Object.keys(sagas).length);
    expect(new Set(seen)).toEqual(new Set(Object.values(sagas).map(({ id }) => id)));
  });

  it('takes an empty parameter as none', async () => {
    expect(ids(await list('?saga=&status=&key=&after=&before=&limit=&cursor='))).toHaveLength(
      Object.keys(sagas).length,
    );
  });

  it('shows of a saga that was reset the latest run only', async () => {
    const { id } = await way.start(way.newOrder(), { authorizePayment: hangs });
    await way.until(id, ({ steps }) =>
      steps.some(({ name, state }) => name === 'authorizePayment' && state === 'running'),
    );
    const { runId } = await way.client.workflow.getHandle(id).describe();
    await way.client.workflowService.resetWorkflowExecution({
      namespace: way.client.options.namespace,
      workflowExecution: { workflowId: id, runId },
      workflowTaskFinishEventId: 4 as never,
      requestId: id,
      reason: 'a test',
    });
    await expect
      .poll(async () => ids(await list(`?status=running&key=${id.slice('fulfilOrder:'.length)}`)))
      .toEqual([id]);
    expect(ids(await list('?status=killed'))).toEqual([sagas['killed']?.id]);
    expect(ids(await list(`?key=${id.slice('fulfilOrder:'.length)}`))).toEqual([id]);
    expect(ids(await list('')).filter((one) => one === id)).toEqual([id]);
    await way.client.workflow.getHandle(id).terminate();
  });

  it('asks no worker: it lists in no time what none answers for, as it is', async () => {
    const key = `o-${randomUUID()}`;
    const id = `fulfilOrder:${key}`;
    await way.client.workflow.start('fulfilOrder', { workflowId: id, taskQueue: 'nobody' });
    for (const query of [`?key=${key}`, `?key=${key}&status=running`]) {
      await expect.poll(async () => ids(await list(query))).toEqual([id]);
      const began = performance.now();
      const { items } = await list(query);
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(items).toMatchObject([{ id, key, status: 'running', closedAt: null, trigger: { kind: 'http' } }]);
    }
    await way.client.workflow.getHandle(id).terminate();
    await expect.poll(async () => ids(await list(`?key=${key}&status=killed`))).toEqual([id]);
    expect(ids(await list(`?key=${key}&status=running`))).toEqual([]);
  });

  it('finds an open saga by its status whatever Temporal calls its run', async () => {
    const { id, key } = await way.start(way.newOrder(), { acceptOrder: hangs });
    const { namespace } = way.client.options;
    const workflow = { namespace, workflowId: id, identity: 'a test', reason: 'a test', requestId: id };
    await way.client.workflowService.pauseWorkflowExecution(workflow);
    const calls = async () => (await way.client.workflow.getHandle(id).describe()).status.name;
    await expect.poll(calls).toBe('PAUSED');
    await expect.poll(async () => ids(await list(`?key=${key}&status=running`))).toEqual([id]);
    await way.client.workflow.getHandle(id).terminate();
  });

  it('S18: compares startedAt of a saga whose run has continued as new', async () => {
    const key = `o-${randomUUID()}`;
    const startedAt = '2026-01-31T08:26:00.000Z';
    const trigger = { kind: 'event', id: 'e-1', type: 'shop.order.placed.v1', source: '/test' } as const;
    await way.client.workflow.start('fulfilOrder', {
      workflowId: `fulfilOrder:${key}`,
      taskQueue: 'nobody',
      memo: listedMemo({ startedAt, trigger, times: { steps: {}, deadline: 5_000 } }),
      typedSearchAttributes: [
        { key: SAGA_KEY, value: key },
        { key: SAGA_STARTED_AT, value: new Date(startedAt) },
      ],
    });
    await expect.poll(async () => ids(await list(`?key=${key}`))).toHaveLength(1);
    const at = (ms: number) => encodeURIComponent(new Date(Date.parse(startedAt) + ms).toISOString());
    expect((await list(`?key=${key}&before=${at(1)}`)).items).toMatchObject([
      { startedAt, trigger, deadlineAt: '2026-01-31T08:26:05.000Z' },
    ]);
    expect(ids(await list(`?key=${key}&before=${at(0)}`))).toEqual([]);
    expect(ids(await list(`?key=${key}&after=${at(-1)}`))).toHaveLength(1);
    expect(ids(await list(`?key=${key}&after=${at(0)}`))).toEqual([]);
    await way.client.workflow.getHandle(`fulfilOrder:${key}`).terminate();
  });

  it('refuses a cursor of another filter, and one that was never given out', async () => {
    const { next } = await list('?saga=fulfilOrder&limit=1');
    expect(next).not.toBeNull();
    const other = await readProblem(await way.request(`/sagas?limit=1&cursor=${next}`));
    expect(other).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'cursor' }] });
    const time = await readProblem(
      await way.request(`/sagas?saga=fulfilOrder&after=2026-01-01T00:00:00Z&limit=1&cursor=${next}`),
    );
    expect(time.httpStatus).toBe(422);
    const forged = Buffer.from(JSON.stringify([1, 2])).toString('base64url');
    for (const cursor of ['nonsense', forged, '%27%20OR%201%3D1']) {
      const problem = await readProblem(await way.request(`/sagas?saga=fulfilOrder&cursor=${cursor}`));
      expect(problem).toMatchObject({ httpStatus: 400, type: 'bad-request' });
    }
    const [filter, , sum] = JSON.parse(Buffer.from(next ?? '', 'base64url').toString()) as string[];
    const tampered = Buffer.from(JSON.stringify([filter, 'AAAA', sum])).toString('base64url');
    const problem = await readProblem(await way.request(`/sagas?saga=fulfilOrder&cursor=${tampered}`));
    expect(problem).toMatchObject({ httpStatus: 400, type: 'bad-request' });
  });

  it.each([
    ['?saga=nothing', 'saga'],
    ['?status=open', 'status'],
    [`?key=${encodeURIComponent("x' OR SagaStatus = 'running")}`, 'key'],
    ['?after=yesterday', 'after'],
    ['?before=2026-13-01T00:00:00Z', 'before'],
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?limit=1e2', 'limit'],
    ['?order=asc', ''],
    ['?status=running&status=parked', 'status'],
  ])('refuses %s', async (query, path) => {
    const problem = await readProblem(await way.request(`/sagas${query}`));
    expect(problem).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path }] });
  });
});
