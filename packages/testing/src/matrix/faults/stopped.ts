import type { Befalls } from '../../rehearsal/rehearsed.ts';
import type { Fault, Plan } from '../fault.ts';
import type { Place } from '../place.ts';
import { choose } from '../seeded.ts';
import { untilSo } from '../../bench/until.ts';
import { holdThere, turnedAway } from './at-the-step.ts';

const PATIENCE_MS = 60_000;

/** Whether a cancel, or a deadline, still undoes everything at this place: before the point of no return, and not at the pivot. */
const takesBack = ({ saga, straight, call, step }: Place): boolean => {
  const pivot = straight.calls.find(({ kind }) => kind === 'pivot');
  if (step.kind === 'pivot' || step.kind === 'retriable') return false;
  return pivot === undefined ? !pastPoint(saga.definition.steps, straight, call.wave) : call.wave <= pivot.wave;
};

const pastPoint = (steps: Place['saga']['definition']['steps'], { calls }: Place['straight'], wave: number): boolean =>
  calls.some((call) => steps[call.step]?.kind === 'retriable' && call.wave < wave);

const where = ({ saga, call, seed }: Place, fault: string): 'before' | 'after' =>
  choose(['before', 'after'], seed, saga.definition.name, call.id, fault, 'where');

/** Somebody cancels while the saga is at that step: by Update, or straight in Temporal. */
export const cancelled: Fault = {
  name: 'cancel',
  plans: async (place) => {
    const native = choose([false, true], place.seed, place.saga.definition.name, place.call.id, 'native');
    return [cancel(place, native)];
  },
};

const cancel = (place: Place, native: boolean): Plan => ({
  variant: native ? 'in Temporal' : '',
  befalls: { what: 'halted', by: 'cancelled' } satisfies Befalls,
  act: async (scene) => {
    const { play, claim } = scene;
    const { call, step } = place;
    const held = await holdThere(scene, where(place, 'cancel'));
    if (takesBack(place)) {
      const refused = native ? await play.cancelNatively() : await play.act('cancel');
      claim(refused === null, `a cancel at ${call.id} is refused: ${refused}`);
      await play.closed();
      await held.goOn();
      await arrived(held);
      return;
    }
    // by Update it is told so, also after one that Temporal has sent; at the pivot the answer waits for its outcome
    if (native) await play.cancelNatively();
    const answered = play.act('cancel');
    if (step.kind !== 'pivot') await answered;
    await held.goOn();
    const refused = await answered;
    // it may have ended in the very task that would have refused
    claim(refused === 'PastPivot' || refused === 'Closed', `a cancel at ${call.id} is answered ${refused}`);
    await play.closed();
  },
});

/** What was held before the service saw it arrives when all is over: it is turned away. */
const arrived = async ({ strike }: Awaited<ReturnType<typeof holdThere>>): Promise<void> => {
  if (strike === null || strike.struck() === 0) return;
  await untilSo('every late request is answered', PATIENCE_MS, () => strike.said.length === strike.struck());
  if (strike.rule.fault === 'held' && !turnedAway(strike)) {
    throw new Error(`a request that came after all was undone took effect: ${JSON.stringify(strike.said)}`);
  }
};

const FIRST_DEADLINE_MS = 4_000;
/** It is given again, with more time, to a machine that is too busy to reach the step within it. */
const DEADLINES = 3;

/** The saga's deadline passes while it is at that step. */
export const deadline: Fault = {
  name: 'deadline',
  plans: async (place) => [
    {
      variant: '',
      befalls: { what: 'halted', by: 'deadline' },
      act: async (scene) => {
        const { play, claim } = scene;
        const times = { deadline: FIRST_DEADLINE_MS * 2 ** Math.min(scene.tries - 1, DEADLINES) };
        const held = await holdThere(scene, where(place, 'deadline'), times);
        if (takesBack(place)) {
          await play.closed();
          await held.goOn();
          await arrived(held);
          return;
        }
        await new Promise((resolve) =>
          setTimeout(resolve, Math.max(0, play.startedMs + times.deadline - Date.now()) + 500),
        );
        const { status } = await play.view();
        claim(status === 'running', `a deadline that means nothing any more makes the saga ${status}`);
        await held.goOn();
        await play.closed();
      },
    },
  ],
};
