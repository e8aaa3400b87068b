// A stand-in for `fulfilOrder` that ends its runs at the worst moment: what the client's side of a saga is tested with.
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type { RetryRequest, UpdateGuards, UpdateTaken } from '../packages/contracts/src/saga-messages.ts';

/** `drops`: a run ends as soon as it has accepted an Update, which it never answers. `answers`: it ends when it is told to. */
type Mode = 'drops' | 'answers';

/** @param modes what this run and those after it do; the last one completes, with the reasons of what was taken */
export const fulfilOrder = async (
  modes: readonly Mode[],
  before: readonly string[] = [],
): Promise<readonly string[]> => {
  const [mode, ...next] = modes;
  const taken = [...before];
  let over = false;
  setHandler(
    defineUpdate<UpdateTaken, [RetryRequest & UpdateGuards]>('retry'),
    async ({ step, reason, asked }): Promise<UpdateTaken> => {
      if (mode === 'drops') {
        over = true;
        await condition(() => false);
      }
      taken.push(reason);
      return { action: 'retry', step, ...(asked !== undefined && { asked }) };
    },
  );
  setHandler(defineSignal('end'), () => {
    over = true;
  });
  await condition(() => over);
  if (mode === 'answers') await condition(allHandlersFinished);
  if (next.length > 0) await continueAsNew<typeof fulfilOrder>(next, taken);
  return taken;
};
