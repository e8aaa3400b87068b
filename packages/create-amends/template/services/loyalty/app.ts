import { createHttpApp, readBody, type Log } from '@amends/runtime';
import { z } from 'zod';

const Points = z.object({ traveller: z.string(), points: z.int() });

/** A stand-in for somebody else's loyalty programme, to try the application with: it knows no keys, and answers as such systems do. */
export const createApp = (parts: { readonly log: Log; readonly maxBodyBytes: number }) => {
  const balances = new Map<string, number>();
  const app = createHttpApp({ ...parts, ready: async () => {} });
  app.post('/points', async (c) => {
    const { traveller, points } = await readBody(c, Points);
    if (traveller.startsWith('N.')) return c.json({ error: 'no such member' }, 404);
    const balance = (balances.get(traveller) ?? 0) + points;
    balances.set(traveller, balance);
    return c.json({ balance });
  });
  return app;
};
