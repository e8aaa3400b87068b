// The order process as people write it with Temporal alone, after its public samples: ordinary activities and a list of undos. It has no
// seal, no settle, no events and no status; its undos are registered before their calls, since else a cancel would leave a hold.
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Order } from '../../contracts/orders.ts';
import type { Calls } from './calls.ts';

const { acceptOrder, reserveStock, authorizePayment, bookShipment, capturePayment, shipStock, notifyCustomer } =
  proxyActivities<Calls>({ startToCloseTimeout: '10 seconds', retry: { maximumAttempts: 5 } });
const { releaseOrder, releaseStock, voidPayment, cancelShipment } = proxyActivities<Calls>({
  startToCloseTimeout: '10 seconds',
});

/** How it ended, where it did not complete. */
const COMPENSATED = 'compensated';
const CANCELLED = 'cancelled';

/** An accepted order becomes goods on their way and money received, or neither. */
export async function orderByHand(order: Order): Promise<string> {
  const { workflowId: saga, startTime } = workflowInfo();
  const run = { saga, startedAt: startTime.toISOString() };
  const undos: (() => Promise<unknown>)[] = [];

  /** What was refused has done nothing. */
  const compensable = async <T>(act: Promise<T>, undo: () => Promise<unknown>): Promise<T> => {
    undos.unshift(undo);
    try {
      return await act;
    } catch (error) {
      if (isRefused(error)) undos.splice(undos.indexOf(undo), 1);
      throw error;
    }
  };

  try {
    const { total } = await compensable(acceptOrder(run, order), () => releaseOrder(run));
    const [{ reservationId }, { paymentId }] = await Promise.all([
      compensable(reserveStock(run, order), () => releaseStock(run)),
      compensable(authorizePayment(run, order, total), () => voidPayment(run)),
    ]);
    const { trackingNumber } = await compensable(bookShipment(run, order), () => cancelShipment(run));
    await capturePayment(run, paymentId);
    await shipStock(run, reservationId);
    await notifyCustomer(run, order, trackingNumber);
    return trackingNumber;
  } catch (error) {
    await CancellationScope.nonCancellable(async () => {
      for (const undo of undos) await undo();
    });
    const how = isCancellation(error) ? CANCELLED : COMPENSATED;
    throw ApplicationFailure.create({ type: how, message: how, nonRetryable: true });
  }
}

/** What Temporal costs where nothing is done. */
export async function empty(): Promise<void> {}

const isRefused = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'Refused';
