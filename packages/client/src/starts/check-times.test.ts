import { expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/src/config-error.ts';
import { readConfig } from '../../../runtime/src/config.ts';
import { tripsSagas } from '../../../testing/fixtures/trips-sagas.ts';
import { checkTimes } from './check-times.ts';

const check = (json: string): void => checkTimes(tripsSagas, readConfig({ AMENDS_TIMES: json }).AMENDS_TIMES);

it('takes sagas and steps that there are, and what is for all', () => {
  expect(() =>
    check('{"bookTrip":{"deadline":"1h"},"bookTrip.holdSeat":{"attempt":"5s"},"*":{},"sweep":"1m"}'),
  ).not.toThrow();
});

it('names every saga and step that there is not, with those that there are', () => {
  const wrong = '{"bookTrips":{},"bookTrip.hold":{},"bookTrip":{}}';
  expect(() => check(wrong)).toThrow(ConfigError);
  expect(() => check(wrong)).toThrow(
    /^AMENDS_TIMES at bookTrips: there is no saga bookTrips, but [^\n]*bookTrip[^\n]*\.\nAMENDS_TIMES at bookTrip\.hold: bookTrip has no step hold, but .*holdSeat/,
  );
});
