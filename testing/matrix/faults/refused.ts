import type { FaultRule } from '../../../packages/testing/src/faults/fault-rule.ts';
import { services } from '../../every-service.ts';
import { refusalsOf } from '../../rehearsal/happenings.ts';
import { isCall, type Step } from '../../../packages/saga/src/steps.ts';
import type { Fault, Plan } from '../fault.ts';
import type { Place } from '../place.ts';

/** A business no: by the real service, where the contract has an input that provokes it; else the proxy says it. A person may say no too. */
export const refused: Fault = {
  name: 'refused',
  plans: async (place) => {
    const { step, saga } = place;
    if (step.kind === 'event') return 'an event is no question';
    if (step.kind === 'approval') return [denied];
    const codes = refusalsOf(step, saga.all);
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

const refusal = ({ step, call }: Place, code: string): Plan => ({
  variant: code,
  befalls: { what: 'refused', code },
  act: async ({ strike, struck, begin, play, claim, target }) => {
    const provoked = provocation(step, (await target()).service, code);
    const strikes = await strike(provoked ?? { fault: 'refused', code });
    await begin();
    await struck(strikes);
    if (step.kind === 'retriable' && step.whenExhausted !== 'skip') {
      await play.parked(call.id);
      claim((await play.act('skip', { step: call.id })) === null, `${call.id} cannot be skipped`);
    }
    await play.closed();
    // a worker that is too busy to hear it asks again, and hears the same
    const others = strikes.said.filter(({ type }) => type !== `refused:${code}`);
    claim(!provoked || others.length === 0, `the service answers ${JSON.stringify(others)}, not refused:${code}`);
  },
});

/** How the real service is made to refuse: the members by which the provoking example differs from the usual one are put into the body. */
const provocation = (step: Step, service: string, code: string): Pick<FaultRule, 'fault' | 'rewrite'> | null => {
  if (!isCall(step)) return null;
  const action = services[service]?.actions[step.action];
  const provoking = (action?.refusals as Record<string, { example?: unknown }> | undefined)?.[code]?.example;
  if (action === undefined || provoking === undefined) return null;
  const usual = (action.example.input ?? {}) as Record<string, unknown>;
  const changed = Object.entries(provoking as Record<string, unknown>).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]),
  );
  return {
    fault: 'rewritten',
    rewrite: (body) => ({ ...(body as Record<string, unknown>), ...Object.fromEntries(changed) }),
  };
};
