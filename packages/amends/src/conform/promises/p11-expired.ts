import type { Promised } from '../check.ts';
import { expectDone, expectProblem, expectRepeat } from '../expectations.ts';
import { SEAL } from '../sample.ts';

/** Longer ago than anybody keeps operations. */
const LONG_AGO = '2001-01-01T00:00:00.000Z';

/** What was purged is answered `expired`, never success. */
export const expired: Promised = {
  name: 'P11',
  serviceChecks: [
    {
      says: 'the seal of an old saga that nothing is known of is 410 expired',
      run: async ({ service, newSaga }) => {
        expectProblem(await service.ask({ route: SEAL, key: newSaga(), started: LONG_AGO }), 410, 'expired');
      },
    },
  ],
  actionChecks: [
    {
      says: 'an action of an old saga is 410 expired, and has no effect',
      run: async ({ sample }) => {
        const one = await sample();
        expectProblem(await one.act({ started: LONG_AGO }), 410, 'expired');
        await one.hasEffects(0);
      },
    },
    {
      says: 'undo and settle of an unknown key of an old saga are 410 expired, never success',
      run: async ({ sample }) => {
        const one = await sample();
        expectProblem(await one.undo({ started: LONG_AGO }), 410, 'expired');
        expectProblem(await one.settle({ started: LONG_AGO }), 410, 'expired');
      },
    },
    {
      says: 'what is known is answered whatever Saga-Started says',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectRepeat(await one.act({ started: LONG_AGO }), first);
      },
    },
  ],
};
