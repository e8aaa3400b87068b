import { rehearsePath } from '../../rehearsal/ways.ts';
import type { RunningSaga } from '../../bench/running-saga.ts';
import { lastCompensable, type Place, placesOf } from '../place.ts';
import { isHeld, type Scene } from '../scene.ts';
import type { Kind, Wanted } from '../wanted.ts';

const DEADLINE_MS = 5_000;

/** Cancelled while it waits for an answer of a service, by its caller and straight in Temporal; its deadline passes, while it waits for a person if it does. */
export const stopped: Kind = async (saga) => {
  const places: Place[] = [];
  for (const place of await placesOf(saga)) {
    const halted = { [place.call.id]: { what: 'halted', by: 'cancelled' } } as const;
    if ((await rehearsePath(saga, place.way, halted)).end === 'cancelled') places.push(place);
  }
  const acting = places.filter(({ step }) => step.kind === 'compensable' || step.kind === 'child').at(-1);
  const waiting = places.find(({ step }) => step.kind === 'event' || step.kind === 'approval');
  const late = waiting ?? lastCompensable(places) ?? acting;
  const early = acting ?? waiting;
  if (early === undefined || late === undefined) return [];
  const cancelled = (path: string, cancel: (running: RunningSaga) => Promise<unknown>): Wanted => ({
    saga: saga.definition.name,
    path,
    way: early.way,
    end: 'cancelled',
    play: async (scene) => {
      const running = await heldAt(scene, early);
      await cancel(running);
      return running;
    },
  });
  return [
    cancelled('cancelled', (running) => running.cancel()),
    cancelled('cancelled-in-Temporal', (running) => running.handle.cancel()),
    {
      saga: saga.definition.name,
      path: 'its-deadline-passed',
      way: late.way,
      end: 'compensated',
      play: (scene) => heldAt(scene, late, { deadlineMs: DEADLINE_MS }),
    },
  ];
};

/** The saga is at that step, and does not get past it. */
const heldAt = async (
  scene: Scene,
  { call, step }: Place,
  times: { deadlineMs?: number } = {},
): Promise<RunningSaga> => {
  if (step.kind === 'event' || step.kind === 'approval') {
    const running = await scene.start({ ...times, answers: { [call.step]: undefined } });
    await running.until(({ steps, status }) =>
      steps.some(({ name, state }) => status !== 'running' || (name === call.step && state === 'running')),
    );
    return running;
  }
  const strike = await scene.strike(call.id, { fault: 'held' });
  const running = await scene.start(times);
  if (times.deadlineMs === undefined) await isHeld(strike);
  return running;
};
