import type { Fault, Plan } from '../fault.ts';
import { choose } from '../seeded.ts';
import type { Strike } from '../../faults/fault-rule.ts';
import { isCall } from '@amends/saga/internal';
import type { CallKind, Step } from '@amends/saga';
import type { Place } from '../place.ts';
import type { Scene } from '../scene.ts';
import { exhausted } from './exhausted.ts';

/** It has happened, and the answer is lost on its way: once or twice, then it comes. */
export const answerLost: Fault = {
  name: 'answer-lost',
  plans: async (place) => {
    const { step, call, saga, seed } = place;
    if (step.kind === 'event' || step.kind === 'approval') return 'a wait asks nobody';
    if (step.kind === 'child') return 'the matrix of the child has it';
    if (isOutsiders(step)) return [step.repeatable ? repeated(call.id, 2, TWICE) : sentOnce(place)];
    const times = choose([1, 2, 4], seed, saga.definition.name, call.step, 'lost');
    return [repeated(call.id, times, '')];
  },
};

/** An outsider is always asked so: who takes a lost answer for "not done" does it twice. */
const TWICE = 'twice';

export const isOutsiders = (step: Step): step is Step<CallKind> => isCall(step) && step.serviceKind === 'outside';

const repeated = (id: string, times: number, variant: string): Plan => ({
  variant,
  befalls: null,
  act: async ({ strike, begin, play, claim }) => {
    const strikes = await strike({ fault: 'answer-lost', times });
    await begin();
    await play.closed();
    claim(strikes.struck() === times, `${strikes.struck()} answers were lost, not ${times}`);
    claim(
      strikes.said.every(({ status, body }) => status < 300 && body === strikes.said[0]?.body),
      `${id} was not answered the same each time`,
    );
  },
});

/** Two answers would be lost; it is asked once, and then nobody knows. */
const sentOnce = (place: Place): Plan => {
  const usual = exhausted(place, 'answer-lost');
  return {
    ...usual,
    variant: TWICE,
    act: async (scene) => {
      const struck: Strike[] = [];
      const strike: Scene['strike'] = async (rule) => {
        const one = await scene.strike({ ...rule, times: 2 });
        struck.push(one);
        return one;
      };
      await usual.act({ ...scene, strike });
      const times = struck.reduce((sum, one) => sum + one.struck(), 0);
      scene.claim(times === 1, `${place.call.id} was sent ${times} times to an outsider that knows no keys`);
    },
  };
};

/** It has happened, and no answer ever arrives. */
export const answerLostForEver: Fault = {
  name: 'answer-lost-for-ever',
  plans: async (place) => {
    const { kind } = place.step;
    if (kind === 'event' || kind === 'approval') return 'a wait asks nobody';
    if (kind === 'child') return 'the matrix of the child has it';
    return [exhausted(place, 'answer-lost')];
  },
};
