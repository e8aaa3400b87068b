import type { Fault } from '../fault.ts';
import { timesAt } from '../place.ts';
import { untilSo } from '../../bench/until.ts';

const ATTEMPT_MS = 1_000;
const PATIENCE_MS = 60_000;
const WITHIN_MS = 1_500;

/** A request is held until its caller has given it up, and then it takes effect after all. */
export const lateCommit: Fault = {
  name: 'late',
  plans: async ({ step, call }) => {
    if (step.kind === 'event' || step.kind === 'approval') return 'a wait sends nothing that could be late';
    if (step.kind === 'child') return 'the matrix of the child has it';
    return [
      {
        variant: '',
        befalls: null,
        act: async ({ strike, begin, target, play, claim }) => {
          const strikes = await strike({ fault: 'held', times: 1 });
          await begin(timesAt(await target(), { attempt: ATTEMPT_MS }));
          await untilSo(`${call.id} is given up`, PATIENCE_MS, () => strikes.forsaken() > 0);
          strikes.release();
          await play.closed();
          await untilSo(`the late ${call.id} is answered`, PATIENCE_MS, () => strikes.said.length === 1);
          const status = strikes.said[0]?.status ?? 0;
          claim(status < 300 || status === 409, `the late ${call.id} is answered ${status}`);
        },
      },
    ];
  },
};

/** Every attempt is held until the step is undone, or settled, and only then arrives: it must be turned away. */
export const lateAfterUndo: Fault = {
  name: 'late-after-undo',
  plans: async ({ step, call }) => {
    switch (step.kind) {
      case 'retriable':
        return 'it is never undone';
      case 'child':
        return 'the matrix of the child has it';
      case 'approval':
      case 'event': {
        const value =
          step.kind === 'event' ? undefined : { decision: step.otherwise, by: null, reason: 'nobody answered in time' };
        return [
          {
            variant: '',
            befalls: { what: 'answered', value },
            act: async ({ begin, play, answer }) => {
              await begin({ steps: { [call.step]: { within: WITHIN_MS } } });
              await play.until(`${call.id} is not waited for any more`, ({ steps }) =>
                steps.some(({ name, state }) => name === call.id && (state === 'skipped' || state === 'done')),
              );
              await answer();
            },
          },
        ];
      }
      default:
        return [
          {
            variant: '',
            befalls: { what: 'unknown' },
            act: async ({ strike, begin, target, play, claim }) => {
              const strikes = await strike({ fault: 'held' });
              const { service } = await target();
              await begin(timesAt(await target(), { attempt: ATTEMPT_MS, budget: 2 * ATTEMPT_MS }));
              const op = step.kind === 'pivot' ? 'settle' : 'undo';
              const seen = play.on.services.proxies[service]?.seen ?? [];
              await untilSo(`${call.id} has its ${op} answered`, PATIENCE_MS, () =>
                seen.some((one) => one.op === op && one.key === `${play.id}/${call.id}` && one.answered),
              );
              strikes.release();
              await play.closed();
              await untilSo(
                `every late ${call.id} is answered`,
                PATIENCE_MS,
                () => strikes.said.length === strikes.struck(),
              );
              const taken = strikes.said.filter(({ status }) => status !== 409);
              claim(taken.length === 0, `a late ${call.id} took effect after its ${op}: ${JSON.stringify(taken)}`);
            },
          },
        ];
    }
  },
};
