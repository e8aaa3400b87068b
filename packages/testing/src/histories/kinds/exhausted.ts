import type { SagaUpdate } from '@amends/contracts/internal';
import type { Step } from '@amends/saga';
import { actionOf } from '../../rehearsal/application.ts';
import { refusalsOf } from '../../rehearsal/happenings.ts';
import type { RehearsedSaga } from '../../rehearsal/rehearsed-saga.ts';
import type { RunningSaga } from '../../bench/running-saga.ts';
import { inDashes } from '../in-dashes.ts';
import { type Place, placesOf, retriablesAmong } from '../place.ts';
import type { Kind, Wanted } from '../wanted.ts';

/** Each step past the point, refused or its budget used up: it is skipped where it says so, or parks and is taken up by an operator. */
export const exhausted: Kind = async (saga) =>
  retriablesAmong(await placesOf(saga)).flatMap((place) => [
    ...refusalsOf(place.step, saga.app).map((code) => refused(saga, place, code)),
    ...(place.step.whenExhausted === 'skip'
      ? [skippedByItself(saga, place)]
      : (['retry', 'skip', 'resolve'] as const).map((act) => parked(saga, place, act))),
  ]);

type Retriable = Place<Step<'retriable'>>;

/** Refused once, by the proxy: what a participant itself refuses it refuses for ever. */
const refused = (saga: RehearsedSaga, { way, call, step }: Retriable, code: string): Wanted => ({
  saga: saga.definition.name,
  path: `${call.step}-${inDashes(`refused ${code}`)}`,
  way,
  end: 'completed',
  play: async (scene) => {
    await scene.strike(call.id, { fault: 'refused', code, times: 1 });
    const running = await scene.start();
    if (step.whenExhausted === 'skip') return running;
    await running.until(({ status }) => status === 'parked');
    await running.act('retry', { step: call.id });
    return running;
  },
});

const skippedByItself = (saga: RehearsedSaga, { way, call }: Retriable): Wanted => ({
  saga: saga.definition.name,
  path: `${call.step}-skipped`,
  way,
  end: 'completed',
  play: async (scene) => {
    await scene.strike(call.id, { fault: 'down' });
    return scene.start({ quick: [call.step] });
  },
});

const TAKEN_UP = { retry: 'retried', skip: 'skipped', resolve: 'resolved' } as const satisfies Partial<
  Record<SagaUpdate, string>
>;

const parked = (saga: RehearsedSaga, { way, call, step }: Retriable, act: keyof typeof TAKEN_UP): Wanted => ({
  saga: saga.definition.name,
  path: `${call.step}-parked-and-${TAKEN_UP[act]}`,
  way,
  end: 'completed',
  play: async (scene) => {
    const away = await scene.strike(call.id, { fault: 'down' });
    const running = await scene.start({ quick: [call.step] });
    await running.until(({ status }) => status === 'parked');
    away.lift();
    const output = act === 'resolve' ? { output: actionOf(saga.app, step)?.example.output } : {};
    await running.act(act, { step: call.id, ...output });
    if (act === 'skip') await skipFlow(running);
    return running;
  },
});

/** A flow that cannot do without the step's answer parks in its turn. */
const skipFlow = async (running: RunningSaga): Promise<void> => {
  const { status } = await running.until((view) => view.status === 'completed' || view.status === 'parked');
  if (status === 'parked') await running.act('skip', { step: 'flow' });
};
