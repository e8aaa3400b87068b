import { createHttpApp, readBody, readConfig, runProcess, serve, servicePort } from '@amends/runtime';
import { z } from 'zod';

const Points = z.object({ traveller: z.string(), points: z.int() });

/** A stand-in for somebody else's loyalty programme, to try the application with: it knows no keys, and answers as such systems do. */
await runProcess(
  'loyalty-stand-in',
  () => ({ ...readConfig(), port: servicePort('loyalty-stand-in') }),
  async ({ HOST: host, MAX_BODY_BYTES: maxBodyBytes, port }, log) => {
    const balances = new Map<string, number>();
    const app = createHttpApp({ log, maxBodyBytes, ready: async () => {} });
    app.post('/points', async (c) => {
      const { traveller, points } = await readBody(c, Points);
      if (traveller.startsWith('N.')) return c.json({ error: 'no such member' }, 404);
      const balance = (balances.get(traveller) ?? 0) + points;
      balances.set(traveller, balance);
      return c.json({ balance });
    });
    return serve(app, { host, port });
  },
);
