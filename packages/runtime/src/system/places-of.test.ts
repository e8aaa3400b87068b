import { describe, expect, it } from 'vitest';
import { trips, tripsSystem } from '../../../testing/fixtures/trips-system.ts';
import { ConfigError } from '../config-error.ts';
import { defineSystem, type System } from './define-system.ts';
import { entriesOf, placeOf, placesOf, variableNameOf } from './places-of.ts';
import { receiversOf } from './receivers.ts';

const places = (env: Readonly<Record<string, string>> = {}, system: System = tripsSystem) =>
  placesOf(system, 'box', env);

/** The hotels are somebody else's. */
const hired = defineSystem(trips, {
  ...tripsSystem,
  services: {
    ...tripsSystem.services,
    hotels: { url: 'https://hotels.example/', headers: ({ HOTELS_KEY = '' }) => ({ 'x-api-key': HOTELS_KEY }) },
  },
});

describe('the places of a system', () => {
  it('are its services, what runs besides, and its API, each on its own port', () => {
    expect(places().map(({ name, kind, url }) => [name, kind, url])).toEqual([
      ['flights', 'service', 'http://box:7201'],
      ['hotels', 'service', 'http://box:7202'],
      ['pay-gateway', 'beside', 'http://box:7203'],
      ['api', 'api', 'http://box:8081'],
    ]);
  });

  it('a port that a variable names is where it listens; a URL is where others reach it', () => {
    const env = { HOTELS_PORT: '7300', HOTELS_URL: 'https://proxy.example/', GATEWAY_PORT: '7301' };
    expect(placeOf(places(env), 'hotels')).toMatchObject({
      port: 7_300,
      ownUrl: 'http://box:7300',
      url: 'https://proxy.example',
    });
    expect(placeOf(places(env), 'pay-gateway')).toMatchObject({ url: 'http://box:7301', folder: 'GATEWAY_DIR' });
  });

  it('empty variables count as unset', () => {
    expect(places({ HOTELS_PORT: '', HOTELS_URL: '' })).toEqual(places());
  });

  it('a service that runs elsewhere has no port and no database, and is called with the headers that it wants', () => {
    const env = { HOTELS_KEY: 'ours', HOTELS_PORT: '1' };
    expect(placeOf(places(env, hired), 'hotels')).toMatchObject({
      port: null,
      ownUrl: null,
      url: 'https://hotels.example',
      headers: { 'x-api-key': 'ours' },
      database: false,
    });
    expect(placeOf(places({ HOTELS_URL: 'http://127.0.0.1:1' }, hired), 'hotels').url).toBe('http://127.0.0.1:1');
  });

  it('a database has every service that runs here, and nothing else', () => {
    expect(
      places()
        .filter(({ database }) => database)
        .map(({ name }) => name),
    ).toEqual(['flights', 'hotels']);
  });

  it('says in a sentence which part there is not', () => {
    expect(() => placeOf(places(), 'trains')).toThrow(new ConfigError('amends.config.ts has no trains.'));
  });

  it('every process is built from its entry; what runs elsewhere has none', () => {
    const common = ['api/main.ts', 'workers/main.ts', 'services/flights/main.ts'];
    const gateway = 'services/pay-gateway/main.ts';
    expect(entriesOf(tripsSystem)).toEqual([...common, 'services/hotels/main.ts', gateway]);
    expect(entriesOf(hired)).toEqual([...common, gateway]);
  });
});

it.each([
  ['orders', 'ORDERS'],
  ['cardProvider', 'CARD_PROVIDER'],
  ['card-provider', 'CARD_PROVIDER'],
  ['s3Store', 'S3_STORE'],
])('the variables of %s begin with %s', (name, variable) => {
  expect(variableNameOf(name)).toBe(variable);
});

it('E8: the API takes all events but those of sagas; a service those that it listens to', () => {
  expect(receiversOf(tripsSystem, places())).toEqual([
    { name: 'flights', url: 'http://box:7201', types: ['bookTrip.completed.v1'] },
    { name: 'api', url: 'http://box:8081', types: ['trips.requested.v1'] },
  ]);
});

it('E8: a service may listen to everything', () => {
  const { flights, hotels } = tripsSystem.services;
  const services = { flights: { ...flights, listens: 'all' as const }, hotels };
  const [first] = receiversOf(defineSystem(trips, { ...tripsSystem, services }), places());
  expect(first).toMatchObject({ name: 'flights', types: Object.keys(trips.events) });
});

it('two processes cannot have one port', () => {
  expect(() => defineSystem(trips, { ...tripsSystem, api: { entry: 'api/main.ts', port: 7_202 } })).toThrow(
    new TypeError('hotels and api have the same port, 7202: give one another.'),
  );
});
