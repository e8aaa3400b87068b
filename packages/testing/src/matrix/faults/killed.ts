import { stepId } from '@amends/contracts/internal';
import type { Fault, Plan } from '../fault.ts';
import type { Place } from '../place.ts';
import { holdThere } from './at-the-step.ts';
import { untilSo } from '../../bench/until.ts';

const PATIENCE_MS = 60_000;

/** The saga is terminated while it is at that step, and its recovery run takes over what it left. */
export const killed: Fault = {
  name: 'killed',
  plans: async (place) => {
    const { kind } = place.step;
    if (kind === 'event' || kind === 'approval') return [kill(place, 'before', '')];
    return [kill(place, 'before', 'before'), kill(place, 'after', 'after')];
  },
};

/** Past its point of no return, as far as a participant can tell. */
const isPast = ({ step, straight, call }: Place, where: 'before' | 'after'): boolean => {
  if (step.kind === 'pivot') return where === 'after';
  const pivot = straight.calls.find(({ kind }) => kind === 'pivot');
  if (pivot !== undefined) return call.wave > pivot.wave;
  // another instance of its wave may have been done
  return step.kind === 'retriable' && (where === 'after' || straight.calls.some(isDoneBefore(call)));
};

/** Steps that the saga had not done when it was killed: a person does what is left of them. */
const laterAt = ({ straight, call }: Place, where: 'before' | 'after'): ReadonlySet<string> =>
  new Set(
    straight.calls
      .filter(({ id, wave }) => wave > call.wave || (id === call.id && where === 'before'))
      .map(({ id }) => id),
  );

const isDoneBefore =
  (call: Place['call']) =>
  ({ id, kind, wave }: Place['call']): boolean =>
    kind === 'retriable' && id !== call.id && wave <= call.wave;

const kill = (place: Place, where: 'before' | 'after', variant: string): Plan => {
  const past = isPast(place, where);
  const beside = place.straight.calls.filter(isDoneBefore(place.call)).map(({ id }) => id);
  return {
    variant,
    befalls: past ? null : { what: 'halted', by: 'deadline' },
    changes: (usual) =>
      past
        ? {
            ...usual,
            live: usual.live.filter((key) => !laterAt(place, where).has(key.split('/')[1] ?? '')),
            maybe: ['*'],
            undone: null,
          }
        : {
            ...usual,
            end: 'compensated',
            live: [],
            cause: { step: null, outcome: 'error', code: 'error' },
            undone: null,
          },
    act: async (scene) => {
      const { play, claim } = scene;
      const held = await holdThere(scene, where);
      // whether the point is passed is not to be a matter of luck
      await play.until('what goes out with it is done', ({ steps }) =>
        beside.every((id) => steps.some((one) => stepId(one.name, one.instance) === id && one.state === 'done')),
      );
      await play.kill();
      await play.recover();
      if (past) {
        const view = await play.until('it parks past its point', ({ status }) => status === 'parked');
        const step = view.steps.find(({ state }) => state === 'parked')?.name;
        const refused = await play.act('resolve', { step, outcome: 'done' });
        claim(refused === null, `${step} of a killed saga is parked, and resolving it is refused: ${refused}`);
      }
      await play.closed();
      await held.goOn();
      const { strike } = held;
      if (strike === null) return;
      await untilSo('every late request is answered', PATIENCE_MS, () => strike.said.length === strike.struck());
    },
  };
};
