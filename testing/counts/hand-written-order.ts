// `fulfilOrder` written by hand against Temporal alone: the same calls in the same way, for counting what the engine costs.
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  scheduleActivity,
  scheduleLocalActivity,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Operation } from '../../packages/contracts/src/operation.ts';
import type { Order } from '../../contracts/orders.ts';
import type { SagaEventToPublish } from '../../packages/contracts/src/engine-activities.ts';
import type { ServiceAnswer, ServiceCall } from '../../packages/contracts/src/service-call.ts';

export { fulfilOrder } from '../../workflows/index.ts';

/** Who can have done something when the capture is blocked: notifications is only told of what was captured. */
const PARTICIPANTS = ['orders', 'inventory', 'payments', 'shipping'];
const BUDGET_MS = 60_000;

type Asked = Pick<ServiceCall, 'op' | 'service' | 'action' | 'input'> & {
  readonly type: string;
  readonly step: string;
};

/** An accepted order becomes goods on their way and money received, or neither. */
export const handWrittenOrder = async (order: Order): Promise<{ trackingNumber: string }> => {
  const { workflowId: id, startTime } = workflowInfo();
  const undos: (() => Promise<unknown>)[] = [];
  const deadline = new CancellationScope();

  const ask = async <T>({ type, step, ...asked }: Asked): Promise<T> => {
    const key = step === '' ? id : `${id}/${step}`;
    const call = { ...asked, key, startedAt: startTime.toISOString(), attemptsBefore: 0 };
    return (await callService<T>(type, call)).answer;
  };
  const act = <T>(step: string, service: string, action: string, input: unknown): Promise<T> =>
    ask<T>({ type: step, step, op: 'do', service, action, input });
  const compensable = async <T>(step: string, service: string, action: string, input: unknown): Promise<T> => {
    const type = `undo${step.slice(0, 1).toUpperCase()}${step.slice(1)}`;
    const undo = () => ask({ type, step, op: 'undo', service, action, input: null });
    undos.push(undo);
    try {
      return await act<T>(step, service, action, input);
    } catch (error) {
      if (isRefused(error)) undos.splice(undos.indexOf(undo), 1);
      throw error;
    }
  };
  const forward = async (): Promise<{ trackingNumber: string }> => {
    const { orderId, customerId, lines, shipTo, paymentToken } = order;
    const { total } = await compensable<{ total: unknown }>('acceptOrder', 'orders', 'accept', order);
    const [{ reservationId }, { paymentId }] = await Promise.all([
      compensable<{ reservationId: string }>('reserveStock', 'inventory', 'reserve', { orderId, lines }),
      compensable<{ paymentId: string }>('authorizePayment', 'payments', 'authorize', {
        orderId,
        amount: total,
        paymentToken,
      }),
    ]);
    const booking = { orderId, shipTo, lines };
    const { trackingNumber } = await compensable<{ trackingNumber: string }>(
      'bookShipment',
      'shipping',
      'book',
      booking,
    );
    await act('capturePayment', 'payments', 'capture', { paymentId });
    deadline.cancel();
    await act('shipStock', 'inventory', 'ship', { reservationId });
    const mail = { orderId, customerId, template: 'order-confirmed', facts: { trackingNumber } };
    await act('notifyCustomer', 'notifications', 'send', mail);
    return { trackingNumber };
  };
  const tooLate = new Promise<never>((_, reject) => {
    const passed = (): void => reject(new Error('its deadline has passed'));
    deadline.run(() => sleep('2 hours', { summary: 'deadline' }).then(passed)).catch(() => {});
  });

  try {
    const result = await Promise.race([forward(), tooLate]);
    await publish(order.orderId, 'completed', result);
    show('completed');
    return result;
  } catch (error) {
    deadline.cancel();
    show('compensating');
    // why it is undone is in the history before it is: a lost task would take that along
    await sleep(1, { summary: 'from here on it is undone' });
    const capture = { type: 'settleCapturePayment', step: 'capturePayment', service: 'payments', action: 'capture' };
    const { state } = await ask<Operation>({ ...capture, op: 'settle', input: null });
    if (state === 'done') throw new Error('it was paid for all the same: to be gone on with by hand', { cause: error });
    await Promise.all(
      PARTICIPANTS.map((service) => {
        const type = `seal${service.slice(0, 1).toUpperCase()}${service.slice(1)}`;
        return ask({ type, step: '', op: 'seal', service, action: '', input: null });
      }),
    );
    for (const undo of undos.toReversed()) await undo();
    await publish(order.orderId, 'compensated', null);
    show('compensated');
    throw ApplicationFailure.create({ type: 'SagaCompensated', message: 'compensated', nonRetryable: true });
  }
};

/** At once in this task; what that does not decide, by an ordinary activity on the service's queue. */
const callService = async <T>(type: string, call: ServiceCall): Promise<ServiceAnswer<T>> => {
  const { WAIT_CANCELLATION_COMPLETED } = ActivityCancellationType;
  try {
    return await scheduleLocalActivity<ServiceAnswer<T>>(type, [call], {
      summary: type,
      cancellationType: WAIT_CANCELLATION_COMPLETED,
      startToCloseTimeout: '2 seconds',
      scheduleToCloseTimeout: '2 seconds',
      localRetryThreshold: '1 second',
      retry: { initialInterval: 100, maximumAttempts: 3 },
    });
  } catch (error) {
    const cause = failureIn(error);
    if (!(cause instanceof ApplicationFailure) || isRefused(error)) throw error;
    const [attemptsBefore, later] = cause.details as [number, { retryInMs: number } | undefined];
    if (later !== undefined && later.retryInMs > 0) await sleep(later.retryInMs);
    return scheduleActivity<ServiceAnswer<T>>(type, [{ ...call, attemptsBefore }], {
      summary: type,
      taskQueue: call.service,
      cancellationType: WAIT_CANCELLATION_COMPLETED,
      startToCloseTimeout: '5 seconds',
      scheduleToCloseTimeout: BUDGET_MS,
      heartbeatTimeout: '10 seconds',
    });
  }
};

/** An ordinary activity wraps what failed, a local one does not. */
const failureIn = (error: unknown): unknown => (error instanceof ActivityFailure ? error.cause : error);

const isRefused = (error: unknown): boolean => {
  const cause = failureIn(error);
  return cause instanceof ApplicationFailure && cause.type === 'Refused';
};

const show = (status: string): void =>
  upsertSearchAttributes([{ key: { name: 'SagaStatus', type: 'KEYWORD' }, value: status }]);

const publish = (key: string, status: 'completed' | 'compensated', result: unknown): Promise<void> => {
  const { workflowId: sagaId } = workflowInfo();
  const at = new Date().toISOString();
  const event: SagaEventToPublish = {
    id: `${sagaId}/${status}`,
    type: `handWrittenOrder.${status}.v1`,
    data: { sagaId, saga: 'handWrittenOrder', key, status, result, cause: null, at },
  };
  return scheduleLocalActivity('engine:publishEvent', [event], {
    summary: `publish ${event.type}`,
    startToCloseTimeout: '2 seconds',
    retry: { initialInterval: 100 },
  });
};
