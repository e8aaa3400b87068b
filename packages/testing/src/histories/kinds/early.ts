import { EXAMPLE, type RehearsedSaga } from '../../rehearsal/rehearsed-saga.ts';
import { rehearsePath } from '../../rehearsal/ways.ts';
import type { Kind, Wanted } from '../wanted.ts';

/** What starts it does not come by then. */
const SOON_MS = 2_000;
const cancelled = { actor: '/to/be/recorded', reason: 'it came early' };

/**
 * A cancel, or an event that a step waits for, comes before what starts the saga: the run that waits, and the saga that begins as a new run
 * of its id; and one that waits in vain. Of a saga that is another's step nothing is kept.
 */
export const early: Kind = async (saga) => {
  const { name, steps } = saga.definition;
  if (isAnothersStep(saga)) return [];
  const born = { saga: name, way: EXAMPLE, end: 'cancelled' } as const;
  const wanted: Wanted[] = [
    {
      ...born,
      path: 'cancelled-before-its-start',
      play: async (scene) => {
        const waiting = await scene.comesEarly({ cancelled });
        await scene.start();
        return waiting;
      },
    },
    {
      ...born,
      path: 'started-after-its-cancel',
      play: async (scene) => {
        await scene.comesEarly({ cancelled });
        return scene.start();
      },
    },
    {
      ...born,
      path: 'cancelled-and-never-started',
      play: (scene) => scene.comesEarly({ cancelled }, SOON_MS),
    },
  ];
  const awaited = Object.values(steps).some(({ kind }) => kind === 'event');
  if (!awaited) return wanted;
  const kept = { saga: name, way: EXAMPLE, end: (await rehearsePath(saga, EXAMPLE)).end };
  return [
    ...wanted,
    {
      ...kept,
      path: 'its-event-before-its-start',
      play: async (scene) => {
        const waiting = await scene.comesEarly({ event: await scene.firstEvent() });
        await scene.start();
        return waiting;
      },
    },
    {
      ...kept,
      path: 'started-after-its-event',
      play: async (scene) => {
        await scene.comesEarly({ event: await scene.firstEvent() });
        return scene.start();
      },
    },
  ];
};

/** Another saga starts it, or is undone by it. */
const isAnothersStep = ({ definition: { name }, app }: RehearsedSaga): boolean =>
  Object.values(app.sagas).some((other) =>
    Object.values(other?.definition.steps ?? {}).some(
      (step) => step.kind === 'child' && (step.saga === name || step.undo?.saga === name),
    ),
  );
