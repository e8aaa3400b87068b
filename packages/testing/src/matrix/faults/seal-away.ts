import { isCall } from '@amends/saga/internal';
import { undoOrder } from '../../rehearsal/undo-order.ts';
import type { Fault, Plan } from '../fault.ts';
import { choose } from '../seeded.ts';
import { causeOf, noUndo } from './undo.ts';

/** Soon over, so that the seal parks; longer than it may hold up others. */
const SEAL_BUDGET_MS = 5_000;

/** The step's participant cannot be sealed: all others are undone meanwhile, it parks, and when it answers again nobody need act. */
export const sealAway: Fault = {
  name: 'seal-away',
  plans: async (place) => {
    const { saga, step, call, straight, seed } = place;
    const none = noUndo(place);
    if (none !== null) return none;
    if (!isCall(step)) return 'it is at no participant';
    const { service } = step;
    const { steps } = saga.definition;
    const fault = choose(['down', 'cut'], seed, saga.definition.name, call.step, 'cannot be sealed');
    const { id, befalls, arm } = causeOf(place);
    const isElsewhere = (undone: string): boolean => {
      const other = steps[undone.split(':')[0] ?? undone];
      return other !== undefined && isCall(other) && other.service !== service && !other.lock;
    };
    const changes: Plan['changes'] = (usual) => {
      const undone = new Set(usual.undone);
      const calls = straight.calls.filter((one) => undone.has(one.id));
      return { ...usual, undone: undoOrder(steps, calls, service).map((one) => one.id) };
    };
    const act: Plan['act'] = async (scene) => {
      const { play, claim } = scene;
      const strike = play.strike(service, { fault, op: 'seal' });
      const times = await arm(scene);
      await scene.begin({ ...times, steps: { ...times.steps, seal: { undoBudget: SEAL_BUDGET_MS } } });
      await play.parked(`seal:${service}`);
      await play.until(`what is not at ${service} is undone`, ({ steps: now }) =>
        now.every(({ name, state, discharge }) => state === 'pending' || discharge !== null || !isElsewhere(name)),
      );
      strike.lift();
      const ended = await play.closed();
      claim(
        ended.view.audit.every(({ step: of }) => of !== `seal:${service}`),
        'somebody had to act',
      );
    };
    return [{ variant: '', at: id, befalls, changes, act }];
  },
};
