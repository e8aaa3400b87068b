import type { Hono } from 'hono';
import { asyncApi } from '@amends/contracts/internal';
import type { EventContracts } from '@amends/events';

/** `GET /asyncapi.json`: every event that is taken or published, as AsyncAPI 3.0. */
export const getAsyncApi = (app: Hono, contracts: EventContracts): void => {
  const document = asyncApi(contracts);
  app.get('/asyncapi.json', (c) => c.json(document));
};
