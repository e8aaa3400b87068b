import { defineCalls } from '@amends/worker';
import { travel } from '../contracts/app.ts';

/** How each service is called, where that is not as usual. */
export const calls = defineCalls(travel, {
  loyalty: {
    callsPerSecond: 20,
    readRefusal: ({ status }) => (status === 404 ? 'no-such-member' : undefined),
  },
});
