import { CancellationScope } from '@temporalio/workflow';
import type { SagaStart } from '../../contracts/saga-start.ts';
import { closeSaga } from './close-saga.ts';
import { watchDeadline } from './deadline.ts';
import { FlowPass } from './flow-pass.ts';
import { answerMessages, watchNativeCancel } from './messages.ts';
import { recoverBackward } from './recover-backward.ts';
import type { Definition } from './saga.ts';
import { SagaRun } from './saga-run.ts';

/**
 * A saga from its start to its end: the flow, forward; when it halts before the point of no return, backward; past it, parked as
 * step `flow` until an operator retries. Nothing but the end of the saga leaves this function (S3).
 */
export const runSaga = async (definition: Definition, input: unknown, start?: SagaStart): Promise<unknown> => {
  const run = new SagaRun(definition, input, start);
  const native = { arrived: false, asked: false };
  const root = CancellationScope.current();

  // nothing of this saga is cancelled from outside: a cancel is a message like any other
  return CancellationScope.nonCancellable(async () => {
    let pass = new FlowPass(run);
    const halt = (outcome: 'cancelled' | 'deadline', message: string): void =>
      pass.halt({ step: null, outcome, code: outcome, message });
    const stop = (reason: string): void => halt('cancelled', reason);
    answerMessages(run, { stop });
    watchNativeCancel(run, root, { stop, native });
    const forgetDeadline = watchDeadline(run, () => halt('deadline', `its deadline ${run.deadlineAt} has passed`));
    run.changed();

    for (;;) {
      const came = await pass.toItsEnd();
      if ('result' in came) {
        run.result = came.result ?? null;
        forgetDeadline();
        return closeSaga(run, 'completed', native);
      }
      if (came.pastPoint) await run.park('flow', came.cause.message, 0);
      else if (run.phase !== 'retriable' && (await recoverBackward(run, came.cause)) === 'undone') {
        forgetDeadline();
        return closeSaga(run, run.cause?.outcome === 'cancelled' ? 'cancelled' : 'compensated', native);
      }
      pass = new FlowPass(run);
    }
  });
};
