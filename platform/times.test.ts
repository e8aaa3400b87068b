import { expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig } from './config.ts';

const times = (json: string) => readConfig({ AMENDS_TIMES: json }).AMENDS_TIMES;

it('takes durations in words and in milliseconds, by saga, by step and for all', () => {
  expect(
    times(
      '{"fulfilOrder":{"deadline":"2h"},"fulfilOrder.shipStock":{"attempt":1500},"*":{"budget":"5 s"},"sweep":"1m"}',
    ),
  ).toEqual({
    sweep: 60_000,
    entries: {
      fulfilOrder: { deadline: 7_200_000 },
      'fulfilOrder.shipStock': { attempt: 1_500 },
      '*': { budget: 5_000 },
    },
  });
});

it.each([
  ['{"*":{"attempt":""}}', /^AMENDS_TIMES at \*\.attempt: must be a duration such as .*, not ""\.$/],
  ['{"*":{"attempt":"5 sconds"}}', /^AMENDS_TIMES at \*\.attempt: must be a duration such as .*, not "5 sconds"\.$/],
  ['{"*":{"attempt":{}}}', /^AMENDS_TIMES at \*\.attempt: must be a duration such as .*, not \{\}\.$/],
  ['{"*":{"attempt":-1}}', /at \*\.attempt: must be a duration such as .*, not -1\.$/],
  ['{"sweep":"soon"}', /^AMENDS_TIMES at sweep: must be a duration such as .*, not "soon"\.$/],
  ['{"fulfilOrder":"5 s"}', /^AMENDS_TIMES at fulfilOrder: .*expected object/],
  ['{"*":{"patience":"5 s"}}', /^AMENDS_TIMES at \*: .*"patience"/],
  ['{"Fulfil Order":{}}', /^AMENDS_TIMES at Fulfil Order: must be '<saga>', '<saga>\.<step>', '\*' or 'sweep'\.$/],
  ['[]', /^AMENDS_TIMES at its top: /],
  ['{', /^AMENDS_TIMES must be JSON: /],
])('names the variable, the place and the reason of %s', (json, sentence) => {
  expect(() => times(json)).toThrow(ConfigError);
  expect(() => times(json)).toThrow(sentence);
});
