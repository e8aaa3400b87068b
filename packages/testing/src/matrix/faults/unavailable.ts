import type { Fault, Plan } from '../fault.ts';
import { type Place, timesAt } from '../place.ts';
import { choose } from '../seeded.ts';
import { exhausted, short } from './exhausted.ts';

/** The service is away for a while, in the fast lane only or for longer; whoever is waited for comes late. */
export const unavailableThenFine: Fault = {
  name: 'away-then-fine',
  plans: async (place) => {
    const { step, call, seed } = place;
    if (step.kind === 'child') return 'the matrix of the child has it';
    if (step.kind === 'event' || step.kind === 'approval') return [late(place)];
    const times = choose([1, 2, 4], seed, place.saga.definition.name, call.step, 'away');
    const fault = choose(['down', 'cut'], seed, place.saga.definition.name, call.step, 'how');
    return [
      {
        variant: '',
        befalls: null,
        act: async ({ strike, begin, play, claim }) => {
          const strikes = await strike({ fault, times });
          await begin();
          await play.closed();
          claim(strikes.struck() === times, `${fault} struck ${strikes.struck()} times, not ${times}`);
          const attempt = (await play.step(call.id))?.attempt ?? 0;
          // one that the fast lane has cut short is not always counted, and a lost task takes its attempts along
          const counted = attempt > 1 || (await play.hasLostATask());
          claim(counted && attempt <= times + 1, `${call.id} shows ${attempt} attempts, not up to ${times + 1}`);
        },
      },
    ];
  },
};

/** Nobody answers until the saga waits for it. */
const late = ({ call }: Place): Plan => ({
  variant: '',
  befalls: null,
  act: async ({ begin, play, answer }) => {
    await begin();
    await play.waits(call.id);
    await answer();
  },
});

const WITHIN_MS = 1_500;

/** The service stays away beyond the step's budget; what is waited for never comes. */
export const unavailableForEver: Fault = {
  name: 'away-for-ever',
  plans: async (place) => {
    const { step, call } = place;
    if (step.kind === 'event' || step.kind === 'approval') {
      const value =
        step.kind === 'event' ? undefined : { decision: step.otherwise, by: null, reason: 'nobody answered in time' };
      return [
        {
          variant: '',
          befalls: { what: 'answered', value },
          act: ({ begin }) => begin({ steps: { [call.step]: { within: WITHIN_MS } } }),
        },
      ];
    }
    if (step.kind === 'child') {
      return [
        {
          variant: '',
          // it has undone itself, since nobody knows of its step
          befalls: { what: 'refused', code: 'unknown' },
          act: async (scene) => {
            const { strike, begin, target, struck } = scene;
            const strikes = await strike({ fault: 'down' });
            await begin(timesAt(await target(), short(scene)));
            await struck(strikes);
          },
        },
      ];
    }
    return [exhausted(place, 'down')];
  },
};
