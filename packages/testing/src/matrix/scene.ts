import type { Step } from '@amends/saga';
import type { FaultRule, Strike } from '../faults/fault-rule.ts';
import { usualAnswer } from '../rehearsal/usual-answer.ts';
import { rehearsePath } from '../rehearsal/ways.ts';
import type { KillGroup } from './kill-group.ts';
import { type Place, type Target, targetOf } from './place.ts';
import type { Play, PlayTimes } from './play.ts';
import { NeverThere } from './never-there.ts';
import { until } from '../bench/until.ts';

const PATIENCE_MS = 60_000;

/** A cell at play: the saga, where it is to be struck, and those who answer its waits. */
export interface Scene {
  readonly play: Play;
  readonly place: Place;
  readonly group: KillGroup;
  /** How often this cell is being played: again with more time, where it never came to its step in time. */
  readonly tries: number;
  /** What the call of the place is sent in this play. */
  readonly input: () => Promise<unknown>;
  /** The same place, for the play's own input. @throws where a wait, which asks nobody, is at that place */
  readonly target: () => Promise<Target>;
  /** Arms a fault at the place. */
  readonly strike: (rule: Pick<FaultRule, 'fault'> & Partial<FaultRule>) => Promise<Strike>;
  /** Starts the saga, and answers its waits early, except that of the place. */
  readonly begin: (times?: PlayTimes) => Promise<void>;
  /** Answers the wait of the place, as the path says, or otherwise. */
  readonly answer: (otherwise?: unknown) => Promise<string | null>;
  /** Something that the cell claims; a sentence when it is not so. */
  readonly claim: (so: boolean, sentence: string) => void;
  /** Resolves once a fault has struck. */
  readonly struck: (strike: Strike, times?: number) => Promise<void>;
}

export const sceneOf = (play: Play, place: Place, group: KillGroup, tries: number): Scene => {
  const { saga, path, straight, call } = place;
  const usual = usualAnswer(saga, play.input, saga.paths[path]);
  const calls = straight.calls.filter(({ kind }) => kind === 'event' || kind === 'approval');
  const answerWith = async (name: string, value: unknown): Promise<string | null> => {
    const step = saga.definition.steps[name] as Step;
    if (step.kind === 'approval') {
      return play.approve(name, (value as { decision: 'approved' | 'denied' }).decision);
    }
    if (step.kind === 'event' && value !== undefined) await play.tell(step.event, value);
    return null;
  };
  const input = () => inputHere(place, play);
  const target = async (): Promise<Target> => {
    const found = await targetOf({ ...place, call: { ...call, input: await input() } });
    if (found === null) throw new Error(`${call.id} sends nothing that could be struck`);
    return found;
  };
  return {
    play,
    place,
    group,
    tries,
    input,
    target,
    strike: async (rule) => {
      const { service, step, child } = await target();
      const own = child === null ? {} : { saga: `${child.saga}:${play.key}` };
      return play.strike(service, { op: 'do', step, ...own, ...rule });
    },
    begin: async (times) => {
      await play.start(times);
      for (const wait of calls) if (wait.id !== call.id) await answerWith(wait.step, await usual(wait));
    },
    answer: async (otherwise) => answerWith(call.step, otherwise ?? (await usual(call))),
    claim: (so, sentence) => {
      if (!so) throw new Error(sentence);
    },
    struck: async (strike, times = 1) => {
      await until(`the fault strikes at ${call.id}`, PATIENCE_MS, async () => {
        if (strike.struck() >= times) return true;
        if (await play.isClosed()) throw new NeverThere(call.id);
        return undefined;
      });
    },
  };
};

/** What the call of the place is sent in this play. */
const inputHere = async ({ saga, path, call }: Place, play: Play): Promise<unknown> => {
  const { calls } = await rehearsePath(saga, path, {}, { input: play.input });
  return calls.find(({ id }) => id === call.id)?.input;
};
