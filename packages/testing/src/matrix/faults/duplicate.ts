import type { Fault } from '../fault.ts';

/** A request arrives twice at the same moment, and once more after that; a person or an event answers twice. */
export const duplicate: Fault = {
  name: 'twice',
  plans: async ({ step, call }) => {
    if (step.kind === 'child') return 'the matrix of the child has it';
    if (step.kind === 'approval' || step.kind === 'event') {
      return [
        {
          variant: '',
          befalls: null,
          act: async ({ begin, answer, play, claim }) => {
            await begin();
            await play.waits(call.id);
            await answer();
            const second = await answer(step.kind === 'approval' ? { decision: 'denied' } : undefined);
            claim(step.kind === 'event' || second !== null, `${call.id} takes a second, other answer`);
          },
        },
      ];
    }
    return [
      {
        variant: '',
        befalls: null,
        act: async ({ strike, begin, play, claim }) => {
          const strikes = await strike({ fault: 'twice', times: 1 });
          await begin();
          await play.closed();
          claim(strikes.said.length === 3, `${strikes.said.length} requests arrived, not 3`);
          const bodies = new Set(strikes.said.filter(({ status }) => status < 300).map(({ body }) => body));
          const others = strikes.said.filter(({ status, type }) => status >= 300 && type !== 'in-flight');
          claim(bodies.size === 1 && others.length === 0, `they were answered ${JSON.stringify(strikes.said)}`);
        },
      },
    ];
  },
};
