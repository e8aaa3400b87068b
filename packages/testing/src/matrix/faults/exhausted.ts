import { isCall } from '@amends/saga/internal';
import { actionOf } from '../../rehearsal/application.ts';
import type { Plan } from '../fault.ts';
import { type Place, timesAt } from '../place.ts';
import { NeverThere } from '../never-there.ts';
import type { Scene } from '../scene.ts';
import { choose } from '../seeded.ts';

/** A budget that ends within a test; longer, where a busy machine had not even sent a request within it. */
export const short = ({ tries }: Pick<Scene, 'tries'>) => ({ attempt: 2_000 * tries, budget: 4_000 * tries });

/**
 * A step whose budget is used up: before the point nobody knows of it; past it, it is skipped, or it parks and an operator retries, or
 * says that it was done by hand.
 */
export const exhausted = ({ step, call, saga, seed }: Place, fault: 'down' | 'answer-lost'): Plan => {
  const parks = step.kind === 'retriable' && step.whenExhausted !== 'skip';
  const byHand = fault === 'down' && choose([false, true], seed, saga.definition.name, call.id, 'by hand');
  const happened = fault === 'answer-lost';
  return {
    variant: '',
    // a pivot whose answer is lost has happened: settling tells
    befalls: happened && step.kind === 'pivot' ? null : { what: 'unknown' },
    changes: (usual) => ({
      ...usual,
      live: parks && byHand ? usual.live.filter((key) => !key.endsWith(`/${call.id}`)) : usual.live,
      maybe: happened && step.kind === 'retriable' ? [call.id] : usual.maybe,
    }),
    act: async (scene) => {
      const { strike, begin, target, play, claim } = scene;
      const strikes = await strike({ fault });
      await begin(timesAt(await target(), short(scene)));
      if (parks) {
        await play.parked(call.id);
        strikes.lift();
        const output = isCall(step) ? actionOf(saga.app, step)?.example.output : null;
        const refused = await play.act(byHand ? 'resolve' : 'retry', {
          step: call.id,
          ...(byHand && { output }),
        });
        claim(refused === null, `${call.id} is parked, and the operator's act is refused: ${refused}`);
      }
      await play.closed({ retrying: step.each === null ? undefined : call.step });
      if (strikes.struck() === 0) throw new NeverThere(call.id);
    },
  };
};
