import { participantRoutes, type Tx } from '@amends/participant';
import { createServiceApp, type ServiceParts } from '@amends/participant/service';
import { sql } from 'drizzle-orm';
import type { Hono } from 'hono';
import { cars } from './contracts.ts';

/** The kit writes down what was done under which key, in the transaction that these functions are handed. */
export const createApp = (parts: ServiceParts): Hono => {
  const app = createServiceApp(parts);
  participantRoutes(app, {
    ...parts,
    contract: cars,
    handlers: {
      reserve: {
        do: async (tx, { bookingId }, { refuse }) => {
          const carId = await takeCar(tx, bookingId);
          if (carId === undefined) throw refuse('no-car', 'every car is out');
          return { carId };
        },
        undo: async (tx, { answer }) => {
          await tx.execute(sql`update cars set booking_id = null where car_id = ${answer.carId}`);
        },
      },
    },
  });
  return app;
};

const takeCar = async (tx: Tx, bookingId: string): Promise<string | undefined> => {
  const { rows } = await tx.execute<{ car_id: string }>(sql`
    update cars set booking_id = ${bookingId}
    where car_id = (select car_id from cars where booking_id is null order by car_id limit 1 for update)
    returning car_id`);
  return rows[0]?.car_id;
};
