import { events } from '../contracts/events.ts';
import { consume } from '../packages/events/src/broker/consumer.ts';
import { createLog } from '../packages/runtime/src/log.ts';

/** A process that an event of the order `o-poison` takes down, as a fault in native code would; run by a test with tsx. */
const [natsUrl = '', durable = '', ackWaitMs = ''] = process.argv.slice(2);

await consume({
  natsUrl,
  contracts: events,
  durable,
  types: ['shop.order.cancel-requested.v1'],
  ackWaitMs: Number(ackWaitMs),
  log: createLog('crashing', 'silent'),
  handle: async ({ data }) => {
    if (data.orderId === 'o-poison') process.kill(process.pid, 'SIGKILL');
    return 'taken';
  },
});
