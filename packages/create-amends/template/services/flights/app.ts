import { participantRoutes, type Refusing, type Tx } from '@amends/participant';
import { createServiceApp, type ServiceParts } from '@amends/participant/service';
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { flights } from '../../contracts/flights.ts';
import { seats } from './schema.ts';

/** Flight numbers that there are; of FULL1 every seat is sold. */
const KNOWN = /^(AM\d+|FULL1)$/;

/** Seats on flights: held, released, bought. */
export const createApp = (parts: ServiceParts): Hono => {
  const app = createServiceApp(parts);
  const db = drizzle(parts.pool);
  app.get('/seats', async (c) => {
    const tripId = c.req.query('tripId') ?? '';
    const { seatId, flight, state, ticket } = seats;
    return c.json({
      items: await db.select({ seatId, flight, state, ticket }).from(seats).where(eq(seats.tripId, tripId)),
    });
  });
  participantRoutes(app, {
    ...parts,
    contract: flights,
    handlers: {
      hold: { do: hold, undo: (tx, { answer }) => release(tx, answer.seatId) },
      buy: { do: buy },
    },
  });
  return app;
};

const hold = async (
  tx: Tx,
  { tripId, flight }: { tripId: string; flight: string },
  { refuse }: Refusing<'no-such-flight' | 'sold-out'>,
) => {
  if (!KNOWN.test(flight)) throw refuse('no-such-flight', `there is no flight ${flight}`);
  if (flight === 'FULL1') throw refuse('sold-out', `${flight} is sold out`);
  const seatId = `s-${randomUUID()}`;
  await tx.insert(seats).values({ seatId, tripId, flight });
  return { seatId };
};

const release = async (tx: Tx, seatId: string): Promise<void> => {
  await tx.update(seats).set({ state: 'released' }).where(eq(seats.seatId, seatId));
};

const buy = async (tx: Tx, { seatId }: { seatId: string }) => {
  const ticket = `T-${randomUUID().slice(0, 8)}`;
  await tx.update(seats).set({ state: 'bought', ticket }).where(eq(seats.seatId, seatId));
  return { ticket };
};
