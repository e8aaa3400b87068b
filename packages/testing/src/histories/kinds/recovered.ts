import { rehearsePath } from '../../rehearsal/ways.ts';
import type { SagaEnd } from '@amends/contracts';
import { lastCompensable, pivotAmong, placesOf, retriablesAmong } from '../place.ts';
import { isHeld } from '../scene.ts';
import type { Kind, Wanted } from '../wanted.ts';

/** The recovery run of a killed saga: before the point of no return it undoes; past it, it parks until a person has done the rest. */
export const recovered: Kind = async (saga) => {
  const places = await placesOf(saga);
  const before = lastCompensable(places);
  const past = retriablesAmong(places).at(-1);
  const wanted: Wanted[] = [];
  if (before !== undefined) {
    const { way, call } = before;
    wanted.push({
      saga: saga.definition.name,
      path: 'killed-and-recovered',
      way,
      end: 'compensated',
      play: async (scene) => {
        const strike = await scene.strike(call.id, { fault: 'held' });
        const running = await scene.start();
        await isHeld(strike);
        return scene.kill(running);
      },
    });
  }
  if (past !== undefined) {
    const { way, call } = past;
    const { calls, result } = await rehearsePath(saga, way);
    const others = calls.filter(({ id, came }) => id !== call.id && came === 'done').length;
    // without a pivot only a step that is done tells that the point was passed
    const knowsThePoint =
      pivotAmong(places) !== undefined || calls.some(({ kind, id }) => kind === 'retriable' && id !== call.id);
    const end: SagaEnd = knowsThePoint ? 'completed' : 'compensated';
    const step = pivotAmong(places)?.call.id ?? 'flow';
    wanted.push({
      saga: saga.definition.name,
      path: 'killed-past-the-point-and-resolved',
      way,
      end,
      play: async (scene) => {
        await scene.strike(call.id, { fault: 'down' });
        const running = await scene.start();
        await running.until(({ steps }) => steps.filter(({ state }) => state === 'done').length >= others);
        const recovery = await scene.kill(running);
        if (!knowsThePoint) return recovery;
        await recovery.until(({ status }) => status === 'parked');
        await recovery.act('resolve', { step, outcome: 'done', output: result });
        return recovery;
      },
    });
  }
  return wanted;
};
