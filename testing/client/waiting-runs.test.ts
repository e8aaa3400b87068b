import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDispatcher } from '../../packages/api/src/triggers/dispatcher.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { countWaitingRuns } from '../../packages/client/src/starts/waiting-runs.ts';
import { shopApi } from '../the-shop.ts';

const log = createLog('test', 'silent');
const MOST = 3;

let space: Awaited<ReturnType<typeof freshNamespace>>;
beforeAll(async () => {
  space = await freshNamespace();
});
afterAll(() => space?.close());

const cancelOf = (orderId: string): KnownEvent => ({
  type: 'shop.order.cancel-requested.v1',
  id: orderId,
  source: '/test',
  subject: orderId,
  data: { orderId, reason: 'why' },
});
const dispatcher = () =>
  createDispatcher({
    triggers: shopApi.triggers,
    temporal: space.client,
    times: { entries: {} },
    log,
    waiting: countWaitingRuns(space.client, MOST),
  });

it('E4 G 46: past so many waiting runs an early event is put off, by whichever process, until one of them is gone', async () => {
  const first = dispatcher();
  for (let n = 0; n < MOST; n += 1) {
    expect(await first.dispatch(cancelOf(`o-${n}`))).toMatchObject({ outcome: 'accepted' });
  }
  expect(await first.dispatch(cancelOf('o-more'))).toMatchObject({
    outcome: 'unavailable',
    problem: { detail: 'there is no fulfilOrder:o-more yet, and 3 others wait for their start already' },
  });
  const open = async () => (await space.client.workflow.count(`ExecutionStatus = 'Running'`)).count;
  await expect.poll(open, { timeout: 15_000 }).toBe(MOST);
  expect(await dispatcher().dispatch(cancelOf('o-more'))).toMatchObject({ outcome: 'unavailable' });
  await space.client.workflow.getHandle('fulfilOrder:o-0').terminate();
  await expect.poll(open, { timeout: 15_000 }).toBe(MOST - 1);
  expect(await dispatcher().dispatch(cancelOf('o-more'))).toMatchObject({ outcome: 'accepted' });
});
