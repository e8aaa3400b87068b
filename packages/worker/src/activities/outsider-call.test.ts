import { expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/src/config-error.ts';
import { readConfig, variableOf } from '../../../runtime/src/config.ts';
import { legacyPoints } from '../../../../testing/legacy-points.ts';
import { outsiderCalls } from './outsider-call.ts';
import { outsiders } from './outsiders.ts';

const readRefusal = () => undefined;
const calls = outsiderCalls(
  { legacy: legacyPoints },
  { legacy: { headers: (variable) => ({ 'X-Api-Key': variable('PUSH_TOKEN') }), readRefusal } },
);
const withKey = (env: Readonly<Record<string, string>>) => () => calls(variableOf(readConfig(env)));

it('an outsider has headers of its own from the configuration', () => {
  expect(withKey({ PUSH_TOKEN: 'a-key-of-the-legacy-system' })()).toEqual({
    legacy: { headers: { 'x-api-key': 'a-key-of-the-legacy-system' }, readRefusal },
  });
});

it.each([{}, { PUSH_TOKEN: '' }])('a header whose variable is unset stops the start: %j', (env) => {
  expect(withKey(env)).toThrow(new ConfigError('PUSH_TOKEN must be set.'));
});

it('a header that cannot be sent stops the start, and its value is not told', () => {
  const secret = () => 'line one\nline two';
  expect(() => calls(secret)).toThrow(ConfigError);
  expect(() => calls(secret)).toThrow(/^The headers of legacy cannot be sent: [^"]*allow\.$/);
});

it('the table of the application names outsiders alone; the shop has none', () => {
  expect(outsiders(variableOf(readConfig({})))).toEqual({});
  const services = { legacy: legacyPoints };
  // @ts-expect-error no such outsider
  outsiderCalls(services, { nobody: {} });
  // @ts-expect-error no such variable
  outsiderCalls(services, { legacy: { headers: (variable) => ({ 'x-api-key': variable('NO_SUCH_VARIABLE') }) } });
});
