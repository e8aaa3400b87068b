import { events, isEventType } from '../../contracts/events.ts';
import type { Path } from '../../packages/saga/src/paths.ts';
import type { Step } from '../../packages/saga/src/steps.ts';
import { services } from '../every-service.ts';
import { exampleOf } from './example-of.ts';
import { laidOver } from './laid-over.ts';
import type { RehearsedCall } from './rehearsed.ts';
import { rehearse } from './rehearse.ts';
import type { RehearsedSaga } from './rehearsed-saga.ts';

/**
 * What a step answers when all goes well: a service its contract's example; a person yes; an event what its schema allows first, of the same
 * business key; a child what its own rehearsal comes to. A listed path's own answers are laid over it.
 */
export const usualAnswer =
  ({ definition, all }: Pick<RehearsedSaga, 'definition' | 'all'>, input: unknown, { answers = {} }: Path = {}) =>
  async (call: RehearsedCall): Promise<unknown> => {
    const step = definition.steps[call.step] as Step;
    return laidOver(await sampleOf(step, call, input, all), answers[call.step]);
  };

const sampleOf = async (
  step: Step,
  call: RehearsedCall,
  input: unknown,
  all: RehearsedSaga['all'],
): Promise<unknown> => {
  switch (step.kind) {
    case 'approval':
      return { decision: 'approved', by: 'ann', reason: 'fine' };
    case 'event':
      return isEventType(step.event) ? exampleOf(events[step.event].data, input) : undefined;
    case 'child': {
      const child = all[step.saga];
      if (child === undefined) return undefined;
      const usual = usualAnswer({ definition: child.definition, all }, call.input);
      return (await rehearse(child.definition, { input: call.input, usual })).result;
    }
    default:
      return services[step.service]?.actions[step.action]?.example.output;
  }
};
