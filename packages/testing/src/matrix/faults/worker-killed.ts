import type { Fault } from '../fault.ts';
import { choose } from '../seeded.ts';
import { holdThere } from './at-the-step.ts';

/** Every worker is killed (SIGKILL) while the step's request is on its way, in whichever lane; others take over. */
export const workerKilled: Fault = {
  name: 'worker-killed',
  plans: async ({ saga, call, seed }) => [
    {
      variant: '',
      befalls: null,
      killsWorkers: true,
      act: async (scene) => {
        const where = choose(['before', 'after'], seed, saga.definition.name, call.id, 'killed', 'where');
        const { strike, isHeld, goOn } = await holdThere(scene, where);
        await scene.group.come(isHeld);
        await goOn();
        await scene.play.closed();
        scene.claim(strike === null || strike.struck() > 1, 'nobody asked again after the worker was killed');
      },
    },
  ],
};
