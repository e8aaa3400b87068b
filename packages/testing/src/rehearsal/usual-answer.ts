import type { Path, Step } from '@amends/saga';
import { actionOf, type Application } from './application.ts';
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
  ({ definition, app }: Pick<RehearsedSaga, 'definition' | 'app'>, input: unknown, { answers = {} }: Path = {}) =>
  async (call: RehearsedCall): Promise<unknown> => {
    const step = definition.steps[call.step] as Step;
    return laidOver(await sampleOf(step, call, input, app), answers[call.step]);
  };

const sampleOf = async (step: Step, call: RehearsedCall, input: unknown, app: Application): Promise<unknown> => {
  switch (step.kind) {
    case 'approval':
      return { decision: 'approved', by: 'ann', reason: 'fine' };
    case 'event':
      return exampleOfEvent(app, step.event, input);
    case 'child': {
      const child = app.sagas[step.saga];
      if (child === undefined) return undefined;
      const usual = usualAnswer({ definition: child.definition, app }, call.input);
      return (await rehearse(child.definition, { input: call.input, usual })).result;
    }
    default:
      return actionOf(app, step)?.example.output;
  }
};

const exampleOfEvent = ({ events }: Application, type: string, input: unknown): unknown => {
  const contract = Object.hasOwn(events, type) ? events[type] : undefined;
  return contract === undefined ? undefined : exampleOf(contract.data, input);
};
