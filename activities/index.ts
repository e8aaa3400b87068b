import { defineCalls } from '@amends/worker';
import { shop } from '../contracts/app.ts';

/** How each service is called, where that is not as usual (200 calls a second, 50 at once). */
export const calls = defineCalls(shop, {
  // behind it stands a card provider that counts requests, and a hold is worth waiting for
  payments: { callsPerSecond: 100 },
  // mails go out past the point of no return: nobody waits for one, and whoever sends them for us takes a flood for spam
  notifications: { callsPerSecond: 50, callsAtOnce: 20 },
});
