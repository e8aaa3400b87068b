import { participantRoutes, type Refusing, type Tx } from '@amends/participant';
import { createServiceApp, type ServiceParts } from '@amends/participant/service';
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { hotels } from '../../contracts/hotels.ts';
import { rooms, vouchers } from './schema.ts';

/** Rooms: booked and cancelled; and the vouchers that travellers are sent. */
export const createApp = (parts: ServiceParts): Hono => {
  const app = createServiceApp(parts);
  const db = drizzle(parts.pool);
  app.get('/rooms', async (c) => {
    const tripId = c.req.query('tripId') ?? '';
    const { roomId, hotel, nights, state } = rooms;
    return c.json({
      items: await db.select({ roomId, hotel, nights, state }).from(rooms).where(eq(rooms.tripId, tripId)),
    });
  });
  participantRoutes(app, {
    ...parts,
    contract: hotels,
    handlers: {
      book: { do: book, undo: (tx, { answer }) => cancel(tx, answer.roomId) },
      sendVoucher: { do: sendVoucher },
    },
  });
  return app;
};

const book = async (
  tx: Tx,
  { tripId, hotel, nights }: { tripId: string; hotel: string; nights: number },
  { refuse }: Refusing<'no-room'>,
) => {
  if (hotel === 'Full House') throw refuse('no-room', `${hotel} is full`);
  const roomId = `r-${randomUUID()}`;
  await tx.insert(rooms).values({ roomId, tripId, hotel, nights });
  return { roomId };
};

const cancel = async (tx: Tx, roomId: string): Promise<void> => {
  await tx.update(rooms).set({ state: 'cancelled' }).where(eq(rooms.roomId, roomId));
};

const sendVoucher = async (tx: Tx, { tripId }: { tripId: string }) => {
  const voucherId = `v-${randomUUID()}`;
  await tx.insert(vouchers).values({ voucherId, tripId });
  return { voucherId };
};
