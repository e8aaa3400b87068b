import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tripsSystem } from '../../../testing/fixtures/trips-system.ts';
import { composeOf } from './compose-of.ts';

interface Compose {
  readonly name: string;
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command?: readonly string[];
        readonly ports?: readonly string[];
        readonly environment?: Readonly<Record<string, unknown>>;
        readonly depends_on?: object;
      }
    >
  >;
}

const compose = (): Compose =>
  parse(composeOf(tripsSystem, { name: 'trips', version: '1.2.3' }), { merge: true }) as Compose;

describe('a system for Docker Compose', () => {
  it('has the servers, and every process of the configuration, each from its built file', () => {
    const { name, services } = compose();
    expect(name).toBe('trips');
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['postgres', 'databases', 'temporal', 'temporal-ui', 'nats', 'flights', 'workers', 'api']),
    );
    expect(services['flights']?.command?.at(-1)).toBe('dist/services/flights/main.js');
    expect(services['api']?.command?.at(-1)).toBe('dist/api/main.js');
  });

  it('publishes ports on loopback alone, and no database', () => {
    const { services } = compose();
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(services['postgres']?.ports).toBeUndefined();
    expect(services['nats']?.ports).toBeUndefined();
  });

  it('lets workers wait for every service, and the API for the workers', () => {
    const { services } = compose();
    expect(services['workers']?.depends_on).toMatchObject({ flights: { condition: 'service_healthy' } });
    expect(services['api']?.depends_on).toMatchObject({ workers: { condition: 'service_healthy' } });
  });

  it('hands every process where the others are, and each its own port and database', () => {
    const { services } = compose();
    const { port } = tripsSystem.services.flights as { port: number };
    expect(services['workers']?.environment).toMatchObject({ FLIGHTS_URL: `\${FLIGHTS_URL:-http://flights:${port}}` });
    expect(services['flights']?.environment).toMatchObject({
      FLIGHTS_PORT: port,
      DATABASE_URL: expect.stringContaining('@postgres:5432/flights') as string,
    });
  });
});
