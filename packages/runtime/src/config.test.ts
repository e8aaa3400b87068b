import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig, servicePort } from './config.ts';
import { tripsConfig } from '../../testing/fixtures/trips-system.ts';
import { placeOf } from './system/places-of.ts';

describe('the configuration', () => {
  it.each([
    ['HOST', '::1', /^HOST must be a host name or an IPv4 address, not '::1'\.$/],
    ['HOST', 'my host', /^HOST must be a host name or an IPv4 address/],
    ['TEMPORAL_ADDRESS', 'http://foo bar', /^TEMPORAL_ADDRESS must be host:port, not 'http:\/\/foo bar'\.$/],
    ['TEMPORAL_ADDRESS', 'temporal', /^TEMPORAL_ADDRESS must be host:port/],
    ['TEMPORAL_ADDRESS', 'temporal:99999', /^TEMPORAL_ADDRESS must be host:port/],
    [
      'SERVICE_TOKEN',
      'fifteen-letters',
      /^SERVICE_TOKEN must be at least 16 printable ASCII characters without blanks\.$/,
    ],
    ['SERVICE_TOKEN', 'sixteen letters and a blank', /^SERVICE_TOKEN must be/],
    ['SERVICE_TOKEN', 'sixteen-letters-and-ü', /^SERVICE_TOKEN must be/],
    ['NATS_URL', 'nothing', /^NATS_URL must be none, or a URL that begins with nats:\/\/ or tls:\/\/\.$/],
    ['NATS_URL', 'https://broker', /^NATS_URL must be none/],
  ])('refuses %s=%s in a sentence', (name, value, sentence) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(sentence);
  });

  it.each([
    ['TEMPORAL_ADDRESS', 'my.namespace.tmprl.cloud:7233'],
    ['TEMPORAL_ADDRESS', '[::1]:7233'],
    ['HOST', 'localhost'],
    ['SERVICE_TOKEN', 'sixteen-letters!'],
  ])('takes %s=%s', (name, value) => {
    expect(readConfig({ [name]: value })).toMatchObject({ [name]: value });
  });

  it('knows where NATS is for every process alike, and whether somebody said so', () => {
    expect(readConfig({ HOST: 'box', NATS_PORT: '4000' })).toMatchObject({
      NATS_URL: 'nats://box:4000',
      NATS_IS_GIVEN: false,
    });
    expect(readConfig({ NATS_URL: 'nats://broker:4222' })).toMatchObject({
      NATS_URL: 'nats://broker:4222',
      NATS_IS_GIVEN: true,
    });
    expect(readConfig({ NATS_URL: 'none' })).toMatchObject({ NATS_URL: undefined, NATS_IS_GIVEN: true });
  });

  it('knows of no Web UI of a Temporal that is not ours, unless somebody says where it is', () => {
    expect(readConfig({}).TEMPORAL_UI_URL).toBe('http://127.0.0.1:8233');
    expect(readConfig({ TEMPORAL_ADDRESS: 'temporal:7233' }).TEMPORAL_UI_URL).toBeUndefined();
    expect(readConfig({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_UI_URL: 'https://ui' })).toMatchObject({
      TEMPORAL_UI_URL: 'https://ui',
    });
  });
});

describe('the configuration of a system', () => {
  it('has the fixed variables, and the places of its parts on the same host', () => {
    const config = tripsConfig({ HOST: 'box', NATS_URL: 'none', HOTELS_PORT: '7300' });
    expect(config).toMatchObject({ HOST: 'box', NATS_IS_GIVEN: true });
    expect(placeOf(config.places, 'hotels').url).toBe('http://box:7300');
  });

  it('says everything that is wrong at once: fixed variables, and those of its parts', () => {
    const wrong = { NATS_URL: 'nothing', HOTELS_PORT: '70000', GATEWAY_URL: 'ftp://pay' };
    expect(() => tripsConfig(wrong)).toThrow(ConfigError);
    expect(() => tripsConfig(wrong)).toThrow(
      /^NATS_URL must be none[^\n]*\.\nHOTELS_PORT must be a port from 1 to 65535, not '70000'\.\nGATEWAY_URL must be a URL[^\n]*\.$/,
    );
  });
});

describe('the port of a service whose process knows no system', () => {
  it.each([
    [{ PORT: '7300' }, 7_300],
    [{ HOTELS_PORT: '7301' }, 7_301],
    [{ PORT: '7300', HOTELS_PORT: '7301' }, 7_300],
    [{ PORT: '', HOTELS_PORT: '7301' }, 7_301],
  ])('of %j is %i', (env, port) => {
    expect(servicePort('hotels', env)).toBe(port);
  });

  it.each([
    [{}, 'PORT, or HOTELS_PORT, must say where it listens.'],
    [{ PORT: 'high' }, "PORT, or HOTELS_PORT, must be a port from 1 to 65535, not 'high'."],
  ])('of %j is refused in a sentence', (env, sentence) => {
    expect(() => servicePort('hotels', env)).toThrow(new ConfigError(sentence));
  });
});
