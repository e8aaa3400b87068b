import { expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig } from './config.ts';
import { startWithinOf, timesOf } from './times.ts';

const times = (json: string) => readConfig({ AMENDS_TIMES: json }).AMENDS_TIMES;

it('takes durations in words and in milliseconds, by saga, by step and for all', () => {
  expect(
    times(
      '{"fulfilOrder":{"deadline":"2h","startWithin":"7d"},"fulfilOrder.shipStock":{"attempt":1500},"*":{"budget":"5 s"},"sweep":"1m","purge":"1d"}',
    ),
  ).toEqual({
    sweep: 60_000,
    purge: 86_400_000,
    entries: {
      fulfilOrder: { deadline: 7_200_000, startWithin: 604_800_000 },
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
  ['{"purge":0}', /^AMENDS_TIMES at purge: must be a duration such as .*, not 0\.$/],
  ['{"fulfilOrder":"5 s"}', /^AMENDS_TIMES at fulfilOrder: .*expected object/],
  ['{"*":{"patience":"5 s"}}', /^AMENDS_TIMES at \*: .*"patience"/],
  [
    '{"Fulfil Order":{}}',
    /^AMENDS_TIMES at Fulfil Order: must be '<saga>', '<saga>\.<step>', '\*', 'sweep' or 'purge'\.$/,
  ],
  ['[]', /^AMENDS_TIMES at its top: /],
  ['{', /^AMENDS_TIMES must be JSON: /],
])('names the variable, the place and the reason of %s', (json, sentence) => {
  expect(() => times(json)).toThrow(ConfigError);
  expect(() => times(json)).toThrow(sentence);
});

it('how long something that came early is kept is of a saga, or of all, and none of its steps’ times', () => {
  const table = times('{"*":{"startWithin":"1h","attempt":"1s"},"fulfilOrder":{"startWithin":"2h"}}');
  expect([startWithinOf(table, 'fulfilOrder'), startWithinOf(table, 'returnOrder')]).toEqual([7_200_000, 3_600_000]);
  expect(startWithinOf(times('{}'), 'fulfilOrder')).toBeUndefined();
  expect(timesOf(table, 'fulfilOrder').steps).toEqual({ '*': { attempt: 1_000 } });
});
