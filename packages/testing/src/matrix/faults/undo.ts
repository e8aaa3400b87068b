import type { Befalls, RehearsedCall } from '../../rehearsal/rehearsed.ts';
import { refusalsOf } from '../../rehearsal/happenings.ts';
import { isCall } from '@amends/saga/internal';
import type { Step } from '@amends/saga';
import { send } from '../../services/saga-client.ts';
import type { Fault, Plan } from '../fault.ts';
import { firstOf, type Place, timesAt } from '../place.ts';
import type { PlayTimes } from '../play.ts';
import type { Scene } from '../scene.ts';
import { choose } from '../seeded.ts';
import { short } from './exhausted.ts';

const UNDO_BUDGET_MS = 3_000;

/** What makes the saga undo the step of a place after it is done: a later step that is refused, or else the step's own answer never comes. */
interface Cause {
  readonly id: string;
  readonly befalls: Befalls;
  readonly arm: (scene: Scene) => Promise<PlayTimes>;
}

export const causeOf = ({ saga, straight, call }: Place): Cause => {
  const later = straight.calls.find((other) => other.wave > call.wave && codeOf(saga, other) !== undefined);
  if (later === undefined) {
    return {
      id: call.id,
      befalls: { what: 'unknown' },
      arm: async (scene) => {
        await scene.strike({ fault: 'answer-lost' });
        return timesAt(await scene.target(), short(scene));
      },
    };
  }
  const code = codeOf(saga, later) ?? '';
  const { service } = saga.definition.steps[later.step] as Step<'compensable'>;
  return {
    id: later.id,
    befalls: { what: 'refused', code },
    arm: async ({ play }) => {
      play.strike(service, { fault: 'refused', op: 'do', step: later.id, code });
      return {};
    },
  };
};

/** A refusal of that call that starts backward recovery. */
const codeOf = (saga: Place['saga'], { step: name, kind }: RehearsedCall): string | undefined => {
  const step = saga.definition.steps[name];
  if (step === undefined || !isCall(step) || kind === 'retriable') return undefined;
  return refusalsOf(step, saga.app).find((code) => !step.expects.includes(code));
};

export const noUndo = ({ step }: Place): string | null => {
  if (step.kind === 'event' || step.kind === 'approval') return 'a wait has no undo';
  if (step.kind === 'pivot' || step.kind === 'retriable') return 'it is never undone';
  return step.undo === null ? 'it has no undo' : null;
};

const planOf = (place: Place, variant: string, act: Plan['act'], changes?: Plan['changes']): Plan => {
  const { id, befalls } = causeOf(place);
  return { variant, at: id, befalls, ...(changes && { changes }), act };
};

/** The service refuses to undo, once or twice; an operator retries until it does. */
export const undoRefused: Fault = {
  name: 'undo-refused',
  plans: async (place) => {
    const { step, call, seed, saga } = place;
    const none = noUndo(place);
    if (none !== null) return none;
    if (step.kind === 'child') return 'the saga that undoes it is refused nothing';
    const times = choose([1, 2], seed, saga.definition.name, call.id, 'undo refused');
    const act: Plan['act'] = async (scene) => {
      const { play, strike, claim } = scene;
      const strikes = await strike({ fault: 'refused', op: 'undo', code: 'not-now', times });
      const cause = await causeOf(place).arm(scene);
      await scene.begin(cause);
      for (let parked = 1; parked <= times; parked++) {
        await play.until(`${call.id} parks again`, (view) => view.status === 'parked' && strikes.struck() === parked);
        claim((await play.act('retry', { step: call.id })) === null, `${call.id} is parked, and a retry is refused`);
      }
      await play.closed();
      claim(strikes.struck() === times, `the undo was refused ${strikes.struck()} times, not ${times}`);
    };
    return [planOf(place, '', act)];
  },
};

/** No undo comes through, until an operator has mended what is broken, or done it by hand, or does without. */
export const undoFails: Fault = {
  name: 'undo-fails',
  plans: async (place) => {
    const { step, seed, saga, call } = place;
    if (step.kind === 'pivot') return [settlingFails(place)];
    const none = noUndo(place);
    if (none !== null) return none;
    if (step.kind === 'child') return [undoSagaFails(place, step)];
    const how = choose(['retry', 'skip', 'resolve'], seed, saga.definition.name, call.id, 'undo fails');
    const act: Plan['act'] = async (scene) => {
      const { play, strike, claim, target } = scene;
      const strikes = await strike({ fault: 'down', op: 'undo' });
      const { steps = {} } = await causeOf(place).arm(scene);
      await scene.begin({ steps: { ...steps, [call.step]: { ...steps[call.step], undoBudget: UNDO_BUDGET_MS } } });
      await play.parked(call.id);
      strikes.lift();
      if (how === 'resolve') {
        const { service } = await target();
        await send(play.on.services.urls[service] ?? '', '/saga-operations/undo', {
          key: `${play.id}/${call.id}`,
        });
      }
      claim((await play.act(how, { step: call.id })) === null, `${call.id} is parked, and ${how} is refused`);
      const { view } = await play.closed();
      claim(strikes.struck() > 0, 'no undo was struck');
      claim(
        view.audit.some(({ action, step: of }) => action === how && of === call.id),
        `${how} is not in the audit`,
      );
    };
    return [planOf(place, how, act, (usual) => ({ ...usual, maybe: how === 'skip' ? [call.id] : [] }))];
  },
};

/** The pivot's answer never comes, and settling it fails: nothing is undone before an operator has looked. */
const settlingFails = ({ call, saga, seed }: Place): Plan => {
  const how = choose(['retry', 'resolve'], seed, saga.definition.name, call.id, 'settling fails');
  return {
    variant: 'settling',
    befalls: null,
    act: async (scene) => {
      const { play, strike, claim, target, begin } = scene;
      const lost = await strike({ fault: 'answer-lost' });
      const down = await strike({ fault: 'down', op: 'settle' });
      await begin(timesAt(await target(), { ...short(scene), undoBudget: UNDO_BUDGET_MS }));
      await play.parked(call.id);
      const undone = Object.values(play.on.services.proxies).some(({ seen }) =>
        seen.some(({ op, key }) => op === 'undo' && key.startsWith(`${play.id}/`)),
      );
      claim(!undone, 'something is undone before the pivot is settled');
      const stored: unknown = JSON.parse(lost.said[0]?.body ?? 'null');
      down.lift();
      const request = { step: call.id, ...(how === 'resolve' && { outcome: 'done', output: stored }) };
      claim((await play.act(how, request)) === null, `${call.id} is parked, and ${how} is refused`);
      await play.closed();
      claim(down.struck() > 0, 'no settling was struck');
    },
  };
};

/** The saga that undoes a child cannot go on by itself: it parks, and is taken up there. */
const undoSagaFails = (place: Place, step: Step<'child'>): Plan => {
  const undo = step.undo?.saga ?? '';
  const act: Plan['act'] = async (scene) => {
    const { play, claim } = scene;
    const input = step.undo?.given(await scene.input(), undefined);
    const target = await firstOf(place.saga, undo, input);
    if (target === null) throw new Error(`${undo} sends nothing that could be struck`);
    const undoing = play.of(undo, (step.key as (of: unknown) => string)(await scene.input()));
    const strikes = play.strike(target.service, { fault: 'down', op: 'do', step: target.step, saga: undoing.id });
    const times = await causeOf(place).arm(scene);
    await scene.begin({ ...times, ...timesAt(target, short(scene)) });
    await undoing.parked(target.step);
    strikes.lift();
    claim(
      (await undoing.act('retry', { step: target.step })) === null,
      `${target.step} is parked, and retry is refused`,
    );
    await play.closed();
  };
  return planOf(place, '', act);
};
