import { pivotAmong, placesOf } from '../place.ts';
import type { Kind } from '../wanted.ts';

/** The pivot's outcome is unknown: settling finds it done, or blocks it, or cannot be done itself. */
export const settled: Kind = async (saga) => {
  const pivot = pivotAmong(await placesOf(saga));
  if (pivot === undefined) return [];
  const { way, call } = pivot;
  const { step, id } = call;
  const wanted = { saga: saga.definition.name, way };
  const quick = [step];
  return [
    {
      ...wanted,
      path: `${step}-found-done`,
      end: 'completed',
      play: async (scene) => {
        await scene.strike(id, { fault: 'answer-lost' });
        return scene.start({ quick });
      },
    },
    {
      ...wanted,
      path: `${step}-blocked`,
      end: 'compensated',
      play: async (scene) => {
        await scene.strike(id, { fault: 'cut' });
        return scene.start({ quick });
      },
    },
    {
      ...wanted,
      path: `${step}-parked-and-resolved`,
      end: 'compensated',
      play: async (scene) => {
        await scene.strike(id, { fault: 'cut' });
        await scene.strike(id, { fault: 'down', op: 'settle' });
        const running = await scene.start({ quick });
        await running.until(({ status }) => status === 'parked');
        await running.act('resolve', { step: id, outcome: 'not-done' });
        return running;
      },
    },
  ];
};
