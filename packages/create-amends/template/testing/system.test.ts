import { SagaView } from '@amends/contracts';
import { startSystemUnderTest, type SystemUnderTest } from '@amends/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import system from '../amends.config.ts';
import { exampleTrip } from '../contracts/trip.ts';

/** The first time the servers are fetched. */
const START_TIMEOUT_MS = 600_000;
const ENDED_WITHIN_MS = 30_000;

/** What `npm start` starts, as its callers see it. What may go wrong with a saga is tested by describeSaga. */
describe('the whole system', { timeout: 60_000 }, () => {
  let running: SystemUnderTest;
  beforeAll(async () => {
    running = await startSystemUnderTest(system, (urls) => ({ LOYALTY_URL: urls['loyalty-stand-in'] ?? '' }));
  }, START_TIMEOUT_MS);
  afterAll(() => running?.close());

  const post = (path: string, body: object, type = 'application/json') =>
    fetch(running.urls.api + path, {
      method: 'POST',
      headers: { 'content-type': type, prefer: 'wait=30' },
      body: JSON.stringify(body),
    });

  const statesOf = async (service: string, path: string, tripId: string): Promise<readonly string[]> => {
    const response = await fetch(`${running.urls.services[service]}/${path}?tripId=${tripId}`);
    const { items } = (await response.json()) as { items: { state: string }[] };
    return items.map(({ state }) => state);
  };

  it('books a trip that is asked for over HTTP', async () => {
    const saga = SagaView.parse(await (await post('/sagas/bookTrip', exampleTrip)).json());
    expect(saga.status).toBe('completed');
    expect(await statesOf('flights', 'seats', saga.key)).toEqual(['bought']);
    expect(await statesOf('hotels', 'rooms', saga.key)).toEqual(['booked']);
  });

  it('gives the seat back where there is no room', async () => {
    const trip = { ...exampleTrip, tripId: 't-2', hotel: 'Full House' };
    const saga = SagaView.parse(await (await post('/sagas/bookTrip', trip)).json());
    expect([saga.status, saga.cause?.code]).toEqual(['compensated', 'no-room']);
    expect(await statesOf('flights', 'seats', saga.key)).not.toContain('held');
  });

  it('books a trip that is asked for by an event', async () => {
    const event = { specversion: '1.0', id: '1', source: '/web', type: 'travel.trip.requested.v1', subject: 't-3' };
    const data = { ...exampleTrip, tripId: 't-3' };
    const taken = await post('/events', { ...event, data }, 'application/cloudevents+json');
    expect(taken.status).toBeLessThan(300);
    const status = async () => {
      const saga = await fetch(`${running.urls.api}/sagas/bookTrip:t-3`);
      return saga.ok ? SagaView.parse(await saga.json()).status : undefined;
    };
    await expect.poll(status, { timeout: ENDED_WITHIN_MS }).toBe('completed');
  });
});
