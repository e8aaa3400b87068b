import { createHttpApp, readConfig, runProcess, serve } from '@amends/runtime';
import { servicePort } from '@amends/runtime';

/** A stand-in for somebody else's loyalty programme: it knows no keys, and answers as such systems do. */
await runProcess(
  'loyalty',
  () => readConfig(),
  async ({ HOST: host, MAX_BODY_BYTES: maxBodyBytes }, log) => {
    const balances = new Map<string, number>();
    const app = createHttpApp({ log, maxBodyBytes, ready: async () => {} });
    app.post('/points', async (c) => {
      const { traveller, points } = await c.req.json<{ traveller: string; points: number }>();
      if (traveller.startsWith('N.')) return c.json({ error: 'no such member' }, 404);
      const balance = (balances.get(traveller) ?? 0) + points;
      balances.set(traveller, balance);
      return c.json({ balance });
    });
    return serve(app, { host, port: servicePort('loyalty') });
  },
);
