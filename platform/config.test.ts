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
  });

  it('knows of no Web UI of a Temporal that is not ours, unless somebody says where it is', () => {
    expect(readConfig({}).TEMPORAL_UI_URL).toBe('http://127.0.0.1:8233');
    expect(readConfig({ TEMPORAL_ADDRESS: 'temporal:7233' }).TEMPORAL_UI_URL).toBeUndefined();
    expect(readConfig({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_UI_URL: 'https://ui' })).toMatchObject({
      TEMPORAL_UI_URL: 'https://ui',
    });
  });
});
