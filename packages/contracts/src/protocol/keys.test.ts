import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BusinessKey, GivenKey } from '../ids.ts';
import { isSagaId, parseOperationKey, parseSagaId, recoveryId, sagaId, stepId } from './keys.ts';

const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,63}$/);
const key = fc.stringMatching(/^[A-Za-z0-9._~-]{1,128}$/).filter((text) => text !== '.' && text !== '..');
const instance = fc.option(key, { nil: null });

it('what is put together from a saga, its key, a step and its instance is read as these', () => {
  fc.assert(
    fc.property(name, key, fc.boolean(), name, instance, (saga, business, recovers, step, which) => {
      const own = sagaId(saga, business);
      const id = recovers ? recoveryId(own) : own;
      const text = `${id}/${stepId(step, which)}`;
      expect(parseOperationKey(text)).toEqual({ key: text, saga: id, step, instance: which });
      expect(parseSagaId(id)).toEqual({ saga, key: business });
    }),
  );
});

it('a key has the grammar of participants.md', () => {
  const longest = `s:${'k'.repeat(128)}/${'s'.repeat(64)}:${'i'.repeat(128)}`;
  const allowed = ['saga:.../step', 'saga:.a/step', 'saga:a../step:..a', longest];
  expect(allowed.filter((text) => parseOperationKey(text) === undefined)).toEqual([]);
  const refused = ['saga:./step', 'saga:../step', 'saga:b/step:.', 'saga:b/step:..', 'recover:saga:../step'];
  refused.push('saga:b', 'saga/step', 'Saga:b/step', 'saga:b/Step', 'saga:b/c/step', 'saga:ü/step', 'saga:b#/step', '');
  refused.push(`${longest}i`, `saga:b/step `, ` saga:b/step`, 'recover:recover:saga:b/step');
  expect(refused.filter((text) => parseOperationKey(text) !== undefined)).toEqual([]);
});

it('a saga has an id, which no other text is', () => {
  expect(['saga:b', 'recover:saga:b', `s:${'k'.repeat(128)}`].filter((id) => !isSagaId(id))).toEqual([]);
  expect(['saga:', ':b', 'saga:b/step', `s:${'k'.repeat(129)}`, 'saga:..'].filter(isSagaId)).toEqual([]);
});

it('what may be given as a key is a key, and has no ending of the engine', () => {
  fc.assert(fc.property(key, (text) => BusinessKey.safeParse(text).success));
  expect(GivenKey.safeParse('o-1~2').success).toBe(false);
  expect(GivenKey.safeParse('k'.repeat(121)).success).toBe(false);
  fc.assert(
    fc.property(fc.string(), (text) => !GivenKey.safeParse(text).success || BusinessKey.safeParse(text).success),
  );
});
