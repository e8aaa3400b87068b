import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepKilledSagas } from '../../packages/client/src/recovery/sweep-killed-sagas.ts';
import { SagaList, SagaView } from '../../packages/contracts/src/saga-view.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles, hangs, type Script } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'a test' };
const times = { entries: {} };
const log = createLog('test', 'silent');
const list = async (query: string) => SagaList.parse(await (await way.request(`/sagas?${query}`)).json());
const ids = async (query: string): Promise<string[]> => (await list(query)).items.map(({ id }) => id);
const isClosed = ({ closedAt }: SagaView): boolean => closedAt !== null;

/** A saga whose operator has acted, and which then was killed while it waits. */
const killed = async (script: Script = {}): Promise<{ id: string; key: string; seen: SagaView[] }> => {
  const { id, key } = await way.start(way.newOrder(), { ...script, authorizePayment: hangs });
  const open = await way.until(id, ({ steps }) =>
    steps.some(({ name, state }) => name === 'authorizePayment' && state === 'running'),
  );
  await way.client.workflow.getHandle(id).terminate();
  return { id, key, seen: [open, await way.until(id, isClosed)] };
};
const sweep = async (id: string) => {
  await expect
    .poll(
      async () => {
        await sweepKilledSagas(way.client, { times, log });
        return way.client.workflow
          .getHandle(`recover:${id}`)
          .describe()
          .then(
            () => true,
            () => false,
          );
      },
      { timeout: 15_000 },
    )
    .toBe(true);
};
/** A killed saga whose recovery is parked: its inventory cannot be sealed. */
const parkedRecovery = async () => {
  const saga = await killed({ sealInventory: garbles });
  await sweep(saga.id);
  return { ...saga, parked: await way.until(saga.id, ({ status }) => status === 'parked') };
};
const SEAL = 'seal:inventory';

describe('S14: a killed saga', () => {
  it('is killed until its recovery run exists; then it is shown as that has it, under its own id', async () => {
    const { id, key, seen } = await killed();
    const [open, dead] = seen;
    expect(dead).toMatchObject({ status: 'killed', closedAt: expect.any(String) });
    await sweep(id);
    const view = await way.until(id, isClosed);
    expect(view).toMatchObject({
      id,
      key,
      status: 'compensated',
      cause: { outcome: 'error' },
      input: open?.input,
      trigger: open?.trigger,
      startedAt: open?.startedAt,
      deadlineAt: open?.deadlineAt,
    });
    expect((await way.request(`/sagas/recover:${id}`)).status).toBe(404);
  });

  it('no version comes twice with another content when the view goes over to the recovery run', async () => {
    const { id, seen, parked } = await parkedRecovery();
    const own = await way.client.workflow.getHandle(`recover:${id}`).query<SagaView>('view');
    const [open, dead] = seen;
    expect(dead?.version).toBeGreaterThan(open?.version ?? 0);
    expect(parked.version).toBeGreaterThan(dead?.version ?? 0);
    // as the run itself counts it, it would be one that the killed run has shown
    expect(own.version).toBeLessThan(dead?.version ?? 0);

    await way.client.workflow.getHandle(`recover:${id}`).terminate();
    const deadAgain = await way.until(id, ({ status }) => status === 'killed');
    expect(deadAgain.version).toBeGreaterThan(parked.version);
    await expect
      .poll(async () => (await sweepKilledSagas(way.client, { times, log })).begun, { timeout: 15_000 })
      .toBe(1);
    const again = await way.until(id, ({ status }) => status !== 'killed');
    expect(again.version).toBeGreaterThan(deadAgain.version);
  });

  it("an operator reaches the recovery run under the saga's own id", async () => {
    const { id, parked } = await parkedRecovery();
    const path = `/sagas/${id}/steps/${SEAL}/retry`;
    const stale = await readProblem(await way.post(path, because, { 'if-match': `"${parked.version - 1}"` }));
    expect(stale.httpStatus).toBe(412);
    // it is asked meanwhile, which counts as a change
    const headers = { 'idempotency-key': randomUUID(), 'if-match': '' };
    await expect
      .poll(async () => {
        const { version } = await way.until(id, ({ status }) => status === 'parked');
        headers['if-match'] = `"${version}"`;
        return (await way.post(path, because, headers)).status;
      })
      .toBe(202);
    way.rescript(id, {});
    const ended = await way.until(id, isClosed);
    expect(ended).toMatchObject({ status: 'compensated', audit: [{ action: 'retry', step: SEAL }] });
    expect((await way.post(path, because, headers)).status).toBe(202);
    expect(await readProblem(await way.post(path, because))).toMatchObject({ httpStatus: 409, type: 'closed' });
  });

  it('cannot be cancelled any more: it is undone already', async () => {
    const { id } = await parkedRecovery();
    const problem = await readProblem(await way.post(`/sagas/${id}/cancel`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'closed' });
    const dead = await killed();
    const early = await readProblem(await way.post(`/sagas/${dead.id}/cancel`, because));
    expect(early).toMatchObject({ httpStatus: 409, type: 'closed' });
  });

  it('started again with the same input is the same saga', async () => {
    const { id, parked } = await parkedRecovery();
    const response = await way.post('/sagas/fulfilOrder', parked.input);
    expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    expect(SagaView.parse(await response.json())).toMatchObject({ id, status: 'parked' });
  });

  it('is listed once, with the status of its recovery run, and found by that', async () => {
    const { id, key, parked } = await parkedRecovery();
    const dead = await killed();
    await expect.poll(() => ids(`status=parked&key=${key}`), { timeout: 15_000 }).toEqual([id]);
    const { saga, startedAt, closedAt, deadlineAt, trigger } = parked;
    const item = { id, saga, key, status: 'parked', step: 'seal:inventory', startedAt, closedAt, deadlineAt, trigger };
    expect((await list(`status=parked&key=${key}`)).items[0]).toEqual({ ...item, again: null });
    expect(await ids(`key=${key}`)).toEqual([id]);
    for (const status of ['killed', 'running', 'compensating', 'compensated']) {
      expect(await ids(`status=${status}&key=${key}`)).toEqual([]);
    }
    await expect.poll(() => ids(`status=killed&key=${dead.key}`), { timeout: 15_000 }).toEqual([dead.id]);

    const at = Date.parse(parked.startedAt);
    const around = (ms: number) => encodeURIComponent(new Date(at + ms).toISOString());
    expect(await ids(`status=parked&key=${key}&before=${around(1)}`)).toEqual([id]);
    expect(await ids(`status=parked&key=${key}&before=${around(0)}`)).toEqual([]);
    expect(await ids(`status=parked&key=${key}&after=${around(0)}`)).toEqual([]);
  });

  it('pages hold each once, whatever its runs', async () => {
    const made = [await parkedRecovery(), await parkedRecovery(), await killed()];
    const after = encodeURIComponent(new Date(Date.parse(made[0]?.seen[0]?.startedAt ?? '') - 1).toISOString());
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 30; page++) {
      const at: SagaList = await list(`limit=2&after=${after}${cursor && `&cursor=${cursor}`}`);
      seen.push(...at.items.map(({ id }) => id));
      cursor = at.next;
    }
    expect(seen).toEqual(made.map(({ id }) => id).toReversed());
  });
});
