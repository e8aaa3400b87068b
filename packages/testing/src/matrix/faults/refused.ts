import { refusing } from '../../faults/refusing.ts';
import { refusalsOf } from '../../rehearsal/happenings.ts';
import { isCall } from '@amends/saga/internal';
import type { Fault, Plan } from '../fault.ts';
import type { Place } from '../place.ts';

/** A business no: by the real service, where the contract has an input that provokes it; else the proxy says it. A person may say no too. */
export const refused: Fault = {
  name: 'refused',
  plans: async (place) => {
    const { step, saga } = place;
    if (step.kind === 'event') return 'an event is no question';
    if (step.kind === 'approval') return [denied];
    const codes = refusalsOf(step, saga.app);
    return codes.length === 0 ? 'its contract knows no refusal' : codes.map((code) => refusal(place, code));
  },
};

const denied: Plan = {
  variant: 'denied',
  befalls: { what: 'answered', value: { decision: 'denied', by: 'ann', reason: 'no' } },
  act: async ({ begin, answer, play, place }) => {
    await begin();
    await play.waits(place.call.id);
    await answer({ decision: 'denied' });
  },
};

const refusal = ({ step, call, saga }: Place, code: string): Plan => ({
  variant: code,
  befalls: { what: 'refused', code },
  act: async ({ strike, struck, begin, play, claim }) => {
    const how = isCall(step) ? refusing(saga.app, step, code) : ({ fault: 'refused', code } as const);
    const strikes = await strike(how);
    await begin();
    await struck(strikes);
    if (step.kind === 'retriable' && step.whenExhausted !== 'skip') {
      await play.parked(call.id);
      claim((await play.act('skip', { step: call.id })) === null, `${call.id} cannot be skipped`);
    }
    await play.closed();
    // a worker that is too busy to hear it asks again, and hears the same
    const others = strikes.said.filter(({ type }) => type !== `refused:${code}`);
    claim(
      how.fault === 'refused' || others.length === 0,
      `the service answers ${JSON.stringify(others)}, not refused:${code}`,
    );
  },
});
