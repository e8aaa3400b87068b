import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Context } from '@temporalio/activity';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { findSaga } from '../../packages/client/src/views/find-saga.ts';
import { versionBase } from '../../packages/client/src/views/version-base.ts';
import { withClosing } from '../../packages/client/src/views/closing.ts';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles, hangs, refuses, type Script } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'a test' };
const shippedAt = '2026-01-31T08:26:00.000Z';
/** More than a page of its history. */
const MANY_SIGNALS = 120;

/** The calls to Temporal that the API makes meanwhile, in their order. */
const CALLS = [
  'startWorkflowExecution',
  'describeWorkflowExecution',
  'queryWorkflow',
  'getWorkflowExecutionHistory',
  'getWorkflowExecutionHistoryReverse',
] as const;
const callsOf = async <T>(act: () => Promise<T>): Promise<{ answer: T; calls: readonly string[] }> => {
  const calls: string[] = [];
  const service = way.client.workflowService;
  const spies = CALLS.map((name) => {
    const own = service[name].bind(service) as (...args: unknown[]) => unknown;
    return vi.spyOn(service, name).mockImplementation(((...args: unknown[]) => {
      calls.push(name);
      return own(...args);
    }) as never);
  });
  const answer = await act();
  for (const spy of spies) spy.mockRestore();
  return { answer, calls };
};

const ask = async (id: string): Promise<SagaView> => SagaView.parse(await (await way.request(`/sagas/${id}`)).json());

/** As a worker says it, which replays the history for it. */
const byWorker = async (id: string): Promise<SagaView> => {
  const run = (await findSaga(way.client, id))?.run as WorkflowExecutionDescription;
  const handle = way.client.workflow.getHandle(run.workflowId, run.runId);
  const view = SagaView.parse(await handle.query<unknown>('view'));
  return withClosing({ ...view, version: versionBase(run) + view.version }, run);
};

const closed = (id: string): Promise<SagaView> => way.until(id, ({ closedAt }) => closedAt !== null);
const start = async (script?: Script): Promise<string> => (await way.start(way.newOrder(), script)).id;
const running = (id: string, step: string): Promise<SagaView> =>
  way.until(id, ({ steps }) => steps.some(({ name, state }) => name === step && state === 'running'));
const parked = (id: string): Promise<SagaView> => way.until(id, ({ status }) => status === 'parked');

/** Each way in which a saga ends by itself, with the status that it then has. */
const ENDS: Readonly<Record<string, { readonly status: string; readonly end: () => Promise<string> }>> = {
  completed: { status: 'completed', end: () => start() },
  refused: { status: 'compensated', end: () => start({ bookShipment: refuses('country-not-served') }) },
  'refused at once': { status: 'compensated', end: () => start({ acceptOrder: refuses('not-placed') }) },
  'of unknown outcome': { status: 'compensated', end: () => start({ authorizePayment: garbles }) },
  cancelled: {
    status: 'cancelled',
    end: async () => {
      const id = await start({ authorizePayment: hangs });
      await running(id, 'authorizePayment');
      await way.post(`/sagas/${id}/cancel`, because);
      return id;
    },
  },
  'cancelled twice': {
    status: 'cancelled',
    end: async () => {
      const id = await start({ authorizePayment: hangs });
      await running(id, 'authorizePayment');
      await Promise.all([1, 2, 3].map(() => way.post(`/sagas/${id}/cancel`, because)));
      return id;
    },
  },
  'cancelled in Temporal': {
    status: 'cancelled',
    end: async () => {
      const id = await start({ authorizePayment: hangs });
      await running(id, 'authorizePayment');
      await way.client.workflow.getHandle(id).cancel();
      return id;
    },
  },
  'cancelled once more while its end is published': {
    status: 'cancelled',
    end: async () => {
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const publish = async (): Promise<void> => {
        // the durable lane takes over
        if (Context.current().info.isLocal) throw new Error('the broker is away');
        await released;
      };
      const id = await start({ authorizePayment: hangs, 'engine:publishEvent': publish });
      await running(id, 'authorizePayment');
      await way.post(`/sagas/${id}/cancel`, because);
      await expect
        .poll(async () => {
          const { raw } = await way.client.workflow.getHandle(id).describe();
          return raw.pendingActivities?.map(({ activityId }) => activityId);
        })
        .toEqual([expect.stringContaining('publish')]);
      // as from the Web UI
      await way.client.workflow.getHandle(id).executeUpdate('cancel', { args: [{ reason: 'once more' }] });
      release();
      expect((await closed(id)).audit.map(({ reason }) => reason)).toEqual(['a test', 'once more']);
      return id;
    },
  },
  'parked, then resolved': {
    status: 'completed',
    end: async () => {
      const id = await start({ shipStock: garbles });
      await parked(id);
      await way.post(`/sagas/${id}/steps/shipStock/resolve`, { ...because, output: { shippedAt } });
      return id;
    },
  },
  'parked in an undo, then skipped': {
    status: 'compensated',
    end: async () => {
      const id = await start({ authorizePayment: refuses('declined'), undoReserveStock: refuses('no') });
      await parked(id);
      await way.post(`/sagas/${id}/steps/reserveStock/skip`, because);
      return id;
    },
  },
  'of a long history': {
    status: 'cancelled',
    end: async () => {
      const id = await start({ authorizePayment: hangs });
      await running(id, 'authorizePayment');
      const handle = way.client.workflow.getHandle(id);
      for (let nth = 0; nth < MANY_SIGNALS; nth++) await handle.signal('event', { nth });
      await way.post(`/sagas/${id}/cancel`, because);
      return id;
    },
  },
};

describe('a closed saga', () => {
  const views = new Map<string, SagaView>();

  it.each(Object.entries(ENDS))('S16: %s: its history tells what its worker would', async (name, { status, end }) => {
    const id = await end();
    expect(await closed(id)).toMatchObject({ id, status });
    const { answer, calls } = await callsOf(() => ask(id));
    expect(answer).toEqual(await byWorker(id));
    expect(calls).not.toContain('queryWorkflow');
    expect(calls.length).toBeLessThanOrEqual(name === 'of a long history' ? 3 : 2);
    views.set(id, answer);
  });

  it('that was killed is told by its worker', async () => {
    const id = await start({ authorizePayment: hangs });
    await running(id, 'authorizePayment');
    await way.client.workflow.getHandle(id).terminate('a test');
    const { answer, calls } = await callsOf(() => ask(id));
    expect([answer.status, answer.steps.some(({ state }) => state === 'running')]).toEqual(['killed', true]);
    expect(calls).toContain('queryWorkflow');
  });

  it.each([
    ['completes', {}, 'completed'],
    ['is refused', { bookShipment: refuses('country-not-served') }, 'compensated'],
  ] as const)('that %s while it was waited for was asked for twice: start and wait', async (_, script, status) => {
    const order = way.newOrder();
    way.rescript(`fulfilOrder:${order.orderId}`, script);
    const { answer, calls } = await callsOf(() => way.post('/sagas/fulfilOrder', order, { prefer: 'wait=20' }));
    const view = SagaView.parse(await answer.json());
    expect([answer.status, view.status]).toEqual([200, status]);
    expect(calls).toEqual(['startWorkflowExecution', 'getWorkflowExecutionHistory']);
    expect(view).toEqual(await byWorker(view.id));
    expect(answer.headers.get('etag')).toBe(`"${view.version}"`);
  });

  it('is shown when no worker of it lives any more', async () => {
    const open = await start({ authorizePayment: hangs });
    await running(open, 'authorizePayment');
    await way.stopWorkers();
    expect(views.size).toBe(Object.keys(ENDS).length);
    for (const [id, view] of views) expect(await ask(id)).toEqual(view);
    expect(await readProblem(await way.request(`/sagas/${open}`))).toMatchObject({ httpStatus: 503 });
  });
});
