import { SagaView } from '@amends/contracts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleTrip, type Trip } from '../contracts/trip.ts';
import { startedSystem } from '../testing/started-system.ts';

/** The first time the servers are fetched. */
const START_TIMEOUT_MS = 600_000;

describe('a trip is booked', { timeout: 60_000 }, () => {
  let system: Awaited<ReturnType<typeof startedSystem>>;
  beforeAll(async () => {
    system = await startedSystem();
  }, START_TIMEOUT_MS);
  afterAll(() => system?.close());

  const post = (path: string, body: object) =>
    fetch(`${system.urls.api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify(body),
    });

  const book = async (changes: Partial<Trip>): Promise<SagaView> => {
    const response = await post('/sagas/bookTrip', { ...exampleTrip, tripId: `t-${randomUUID()}`, ...changes });
    return SagaView.parse(await response.json());
  };

  const statesOf = async (service: 'flights' | 'hotels', path: string, { key }: SagaView) => {
    const response = await fetch(`${system.urls.services[service]}/${path}?tripId=${key}`);
    const { items } = (await response.json()) as { items: { state: string }[] };
    return items.map(({ state }) => state);
  };

  it('with its seat and its room', async () => {
    const saga = await book({});
    expect(saga.status).toBe('completed');
    expect(await statesOf('flights', 'seats', saga)).toEqual(['bought']);
    expect(await statesOf('hotels', 'rooms', saga)).toEqual(['booked']);
  });

  it('or not at all: where there is no room the seat is given back', async () => {
    const saga = await book({ hotel: 'Full House' });
    expect(saga.status).toBe('compensated');
    expect(saga.cause?.code).toBe('no-room');
    expect(await statesOf('hotels', 'rooms', saga)).toEqual([]);
    expect(await statesOf('flights', 'seats', saga)).not.toContain('held');
  });

  it('for somebody whom the loyalty programme does not know, without points', async () => {
    expect((await book({ traveller: 'N. Member' })).status).toBe('completed');
  });

  it('when it is expensive, once a person has approved it', async () => {
    const tripId = `t-${randomUUID()}`;
    const approved = await post('/sagas/bookTrip', { ...exampleTrip, tripId, price: 150_000 }).then(async (started) => {
      expect(started.status).toBe(202);
      return post(`/sagas/bookTrip:${tripId}/approvals/approveTrip`, {
        decision: 'approved',
        reason: 'a good customer',
      });
    });
    expect(approved.status).toBeLessThan(300);
    await expect
      .poll(
        async () => SagaView.parse(await (await fetch(`${system.urls.api}/sagas/bookTrip:${tripId}`)).json()).status,
        {
          timeout: 30_000,
        },
      )
      .toBe('completed');
  });
});
