import type { Hono } from 'hono';
import asyncApi from '../../../contracts/asyncapi.json' with { type: 'json' };

/** `GET /asyncapi.json`: every event that is taken or published, as AsyncAPI 3.0. */
export const getAsyncApi = (app: Hono): void => {
  app.get('/asyncapi.json', (c) => c.json(asyncApi));
};
