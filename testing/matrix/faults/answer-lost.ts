import type { Fault } from '../fault.ts';
import { choose } from '../seeded.ts';
import { exhausted } from './exhausted.ts';

/** It has happened, and the answer is lost on its way: once or twice, then it comes. */
export const answerLost: Fault = {
  name: 'answer-lost',
  plans: async ({ step, call, saga, seed }) => {
    if (step.kind === 'event' || step.kind === 'approval') return 'a wait asks nobody';
    if (step.kind === 'child') return 'the matrix of the child has it';
    const times = choose([1, 2, 4], seed, saga.definition.name, call.step, 'lost');
    return [
      {
        variant: '',
        befalls: null,
        act: async ({ strike, begin, play, claim }) => {
          const strikes = await strike({ fault: 'answer-lost', times });
          await begin();
          await play.closed();
          claim(strikes.struck() === times, `${strikes.struck()} answers were lost, not ${times}`);
          claim(
            strikes.said.every(({ status, body }) => status < 300 && body === strikes.said[0]?.body),
            `${call.id} was not answered the same each time`,
          );
        },
      },
    ];
  },
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
