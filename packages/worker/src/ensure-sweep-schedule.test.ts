import { Client, type Connection, type ScheduleUpdateOptions } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../runtime/src/log.ts';
import { lookAfter } from '../../runtime/src/look-after.ts';
import { freshNamespace } from '../../testing/src/servers/namespace.ts';
import { ensureSweepSchedule } from './ensure-sweep-schedule.ts';
import { untilConnected } from './until-connected.ts';

const PERMISSION_DENIED = 7;
const log = createLog('test', 'silent');

let space: Awaited<ReturnType<typeof freshNamespace>>;
beforeAll(async () => {
  space = await freshNamespace();
});
afterAll(() => space?.close());

const ensure = (everyMs?: number, client: Client = space.client) =>
  untilConnected('the sweep', () => ensureSweepSchedule(client, { everyMs, log }), log);
const known = () => space.client.schedule.getHandle('amends-sweep').describe();

/** The real server, but for one thing: this process may make and change no schedule. */
const withoutPermission = (): Client => {
  const metadata = { get: () => [] };
  const denied = () =>
    Promise.reject(
      Object.assign(new Error('Request unauthorized.'), { code: PERMISSION_DENIED, details: 'denied', metadata }),
    );
  const { connection } = space.client;
  const workflowService = Object.create(connection.workflowService, {
    createSchedule: { value: denied },
    updateSchedule: { value: denied },
  }) as Connection['workflowService'];
  return new Client({
    connection: Object.create(connection, { workflowService: { value: workflowService } }) as Connection,
    namespace: space.namespace,
  });
};

describe('S14: the schedule of the sweep', () => {
  it('that may not be made stops the start with a sentence that says what to do', async () => {
    await expect(ensure(30_000, withoutPermission())).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(
        /^The schedule amends-sweep.* may not be made from here; .*sweepKilledSagas.* every 30 s/,
      ),
    });
  });

  it('is made: every minute, one sweep at a time, nothing made up for', async () => {
    await ensure();
    expect(await known()).toMatchObject({
      spec: { intervals: [{ every: 60_000 }] },
      action: { type: 'startWorkflow', workflowType: 'sweepKilledSagas', workflowId: 'sweep', taskQueue: 'amends' },
      policies: { overlap: 'SKIP', catchupWindow: 10_000 },
    });
  });

  it('is left as it is when it is as wanted, also by many processes at once', async () => {
    const { lastUpdatedAt } = (await known()).info;
    await Promise.all([ensure(60_000), ensure(60_000), ensure(60_000)]);
    expect((await known()).info.lastUpdatedAt).toEqual(lastUpdatedAt);
    const all = [];
    for await (const { scheduleId } of space.client.schedule.list()) all.push(scheduleId);
    expect(all).toEqual(['amends-sweep']);
  });

  it('with another interval is changed', async () => {
    await ensure(5_000);
    expect(await known()).toMatchObject({ spec: { intervals: [{ every: 5_000 }] } });
  });

  it.each(['paused', 'deleted'])('E9: that somebody has %s is mended by workers that run', async (how) => {
    const keeper = lookAfter({
      what: 'a test',
      check: () => ensureSweepSchedule(space.client, { everyMs: 5_000, log }),
      everyMs: 500,
      log,
    });
    try {
      const handle = space.client.schedule.getHandle('amends-sweep');
      await keeper.now();
      await (how === 'paused' ? handle.pause('a test') : handle.delete());
      const state = () => known().then((now) => now.state.paused);
      await expect.poll(() => state().catch(() => null), { timeout: 15_000 }).toBe(false);
    } finally {
      await keeper.close();
    }
  });

  it.each<[string, (as: ScheduleUpdateOptions) => ScheduleUpdateOptions]>([
    ['an end', (as) => ({ ...as, spec: { ...as.spec, endAt: new Date('2026-01-01') } })],
    ['a start that is far', (as) => ({ ...as, spec: { ...as.spec, startAt: new Date('2096-01-01') } })],
    ['times at which it does nothing', (as) => ({ ...as, spec: { ...as.spec, skip: [{ comment: 'never' }] } })],
    ['no more than a few starts', (as) => ({ ...as, state: { ...as.state, remainingActions: 1 } })],
    ['another workflow id', (as) => ({ ...as, action: { ...as.action, workflowId: 'another' } })],
  ])('E9: that somebody has given %s is as wanted again', async (_, change) => {
    await ensure(5_000);
    await space.client.schedule.getHandle('amends-sweep').update(change);
    const { spec: _changed, ...before } = await known();
    await ensure(5_000);
    const { spec, state, action, info } = await known();
    expect(spec).not.toHaveProperty('endAt', expect.anything());
    expect(spec).not.toHaveProperty('startAt', expect.anything());
    expect(spec.skip ?? []).toEqual([]);
    expect(state).toMatchObject({ paused: false });
    expect(state.remainingActions).toBeUndefined();
    expect(action).toMatchObject({ workflowId: 'sweep' });
    expect(info.lastUpdatedAt).not.toEqual(before.info.lastUpdatedAt);
    // and stays as it is
    await ensure(5_000);
    expect((await known()).info.lastUpdatedAt).toEqual(info.lastUpdatedAt);
  });

  it('that somebody else has made serves as well', async () => {
    await ensure(7_000, withoutPermission());
    expect((await known()).spec.intervals).toMatchObject([{ every: 5_000 }]);
  });
});
