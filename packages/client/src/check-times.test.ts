import { expect, it } from 'vitest';
import { ConfigError } from '../../runtime/src/config-error.ts';
import { readConfig } from '../../runtime/src/config.ts';
import { checkTimes } from './check-times.ts';

const check = (json: string): void => checkTimes(readConfig({ AMENDS_TIMES: json }).AMENDS_TIMES);

it('takes sagas and steps that there are, and what is for all', () => {
  expect(() =>
    check('{"fulfilOrder":{"deadline":"1h"},"fulfilOrder.reserveStock":{"attempt":"5s"},"*":{},"sweep":"1m"}'),
  ).not.toThrow();
});

it('names every saga and step that there is not, with those that there are', () => {
  const wrong = '{"fulfilOrders":{},"fulfilOrder.reserve":{},"fulfilOrder":{}}';
  expect(() => check(wrong)).toThrow(ConfigError);
  expect(() => check(wrong)).toThrow(
    /^AMENDS_TIMES at fulfilOrders: there is no saga fulfilOrders, but [^\n]*fulfilOrder[^\n]*\.\nAMENDS_TIMES at fulfilOrder\.reserve: fulfilOrder has no step reserve, but .*reserveStock/,
  );
});
