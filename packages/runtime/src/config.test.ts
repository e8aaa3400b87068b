import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig } from './config.ts';

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
    ['PROVIDER_LOSSY', '1.5', /^PROVIDER_LOSSY must be a share from 0 to 1, or with a seed 0\.2:7, not '1\.5'\.$/],
    ['NATS_URL', 'nothing', /^NATS_URL must be none, or a URL that begins with nats:\/\/ or tls:\/\/\.$/],
    ['NATS_URL', 'https://broker', /^NATS_URL must be none/],
    ['PROVIDER_LOSSY', '0.2:x', /^PROVIDER_LOSSY must be/],
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

  it('knows where the card provider is, and how lossy it plays', () => {
    expect(readConfig({ HOST: 'box' })).toMatchObject({ PROVIDER_URL: 'http://box:7106' });
    expect(readConfig({ PROVIDER_URL: 'https://cards.example/' }).PROVIDER_URL).toBe('https://cards.example');
    expect(readConfig({ PROVIDER_LOSSY: '0.25:7' }).PROVIDER_LOSSY).toEqual({ share: 0.25, seed: 7 });
    expect(readConfig({ PROVIDER_LOSSY: '.5' }).PROVIDER_LOSSY).toEqual({ share: 0.5, seed: 1 });
    expect(readConfig({}).PROVIDER_LOSSY).toBeUndefined();
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
