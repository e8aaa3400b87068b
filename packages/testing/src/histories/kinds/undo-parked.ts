import { lastCompensable, placesOf } from '../place.ts';
import type { Kind } from '../wanted.ts';

/** A participant that cannot be sealed, and an undo that fails: parked, and taken up by an operator. */
export const undoParked: Kind = async (saga) => {
  const last = lastCompensable((await placesOf(saga)).filter(({ step }) => 'undo' in step && step.undo !== null));
  if (last === undefined) return [];
  const { way, call, step } = last;
  const { id } = call;
  const wanted = { saga: saga.definition.name, way, end: 'compensated' } as const;
  return [
    {
      ...wanted,
      path: 'undo-parked-and-retried',
      play: async (scene) => {
        await scene.strike(id, { fault: 'answer-lost' });
        await scene.strike(id, { fault: 'refused', op: 'undo', code: 'not-yet', times: 1 });
        const running = await scene.start({ quick: [call.step] });
        await running.until(({ status }) => status === 'parked');
        await running.act('retry', { step: id });
        return running;
      },
    },
    {
      ...wanted,
      path: 'undo-parked-and-skipped',
      play: async (scene) => {
        await scene.strike(id, { fault: 'answer-lost' });
        await scene.strike(id, { fault: 'down', op: 'undo' });
        const running = await scene.start({ quick: [call.step] });
        await running.until(({ status }) => status === 'parked');
        await running.act('skip', { step: id });
        return running;
      },
    },
    {
      ...wanted,
      path: 'seal-parked-and-retried',
      play: async (scene) => {
        await scene.strike(id, { fault: 'answer-lost' });
        const away = await scene.strike(id, { fault: 'down', op: 'seal' });
        const running = await scene.start({ quick: [call.step, 'seal'] });
        await running.until(({ status }) => status === 'parked');
        away.lift();
        await running.act('retry', { step: `seal:${step.service}` });
        return running;
      },
    },
  ];
};
