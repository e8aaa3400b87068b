import { GivenKey } from '@amends/contracts';
import { milliseconds } from '@amends/saga/internal';
import type { Span, Step } from '@amends/saga';
import type { Application } from './application.ts';
import { livesTooLong } from './longest-life.ts';
import type { RehearsedSaga } from './rehearsed-saga.ts';
import { pathsOf, rehearsePath } from './ways.ts';

/** Where a saga's steps say something else than the contracts do, in words: what types cannot hold, since workflows see no contract. */
export const unlikeContracts = async (saga: RehearsedSaga): Promise<readonly string[]> => {
  const { definition, contract } = saga;
  const example = contract.input.safeParse(contract.example).success ? [] : ['its example is not its own input'];
  const key = GivenKey.safeParse(contract.key(contract.example)).success ? [] : ['its key is none that may be given'];
  const steps = Object.entries(definition.steps);
  const awaited = steps.flatMap(([, step]) => (step.kind === 'event' ? [step.event] : []));
  return [
    ...example,
    ...key,
    ...steps.flatMap(([name, step]) => wrongStep(saga, name, step)),
    ...awaited.filter((type, at) => awaited.indexOf(type) !== at).map((type) => `two steps wait for ${type}`),
    ...(await wrongChildKeys(saga)),
    ...livesTooLong(saga),
  ];
};

const wrongStep = (saga: RehearsedSaga, name: string, step: Step): readonly string[] => {
  switch (step.kind) {
    case 'event':
      return [...wrongSpan(name, step.within), ...wrongEvent(saga, name, step.event)];
    case 'approval':
      return wrongSpan(name, step.within);
    case 'child':
      return [step.saga, ...(step.undo === null ? [] : [step.undo.saga])]
        .filter((child) => saga.app.sagas[child] === undefined)
        .map((child) => `${name} starts ${child}, which is no saga`);
    default:
      return wrongAction(saga.app, name, step);
  }
};

const wrongSpan = (name: string, within: Span): readonly string[] => {
  try {
    milliseconds(within);
    return [];
  } catch {
    return [`${name} waits for '${within}', which is no length of time`];
  }
};

/** An event that no trigger hands to the saga never comes. */
const wrongEvent = ({ definition, app }: RehearsedSaga, name: string, type: string): readonly string[] => {
  if (!Object.hasOwn(app.events, type)) return [`${name} waits for ${type}, which is no event`];
  const { does, ...rule } = app.triggers.ruleOf(type);
  const comes = does === 'signal' && 'saga' in rule && rule.saga === definition.name;
  return comes ? [] : [`${name} waits for ${type}, which no trigger hands to ${definition.name}`];
};

const wrongAction = (
  { services }: Application,
  name: string,
  step: Step<'compensable' | 'pivot' | 'retriable'>,
): readonly string[] => {
  const { service, action, serviceKind, undo, kind } = step;
  const contract = services[service];
  const agreed = contract?.actions[action];
  if (contract === undefined || agreed === undefined)
    return [`${name} calls ${service}.${action}, which no contract has`];
  if (contract.kind !== serviceKind) return [`${name} takes ${service} for a ${serviceKind} service, which it is not`];
  if (kind === 'compensable' && serviceKind === 'participant' && undo !== null && undo !== agreed.undo) {
    return [`${name} calls its undo '${JSON.stringify(undo)}'; its contract calls it '${agreed.undo ?? 'none'}'`];
  }
  if (typeof undo === 'object' && undo !== null && services[undo.service]?.actions[undo.action] === undefined) {
    return [`${name} is undone by ${undo.service}.${undo.action}, which no contract has`];
  }
  if (!step.repeatable && kind === 'retriable' && step.whenExhausted === null) {
    return [
      `${name} is sent to ${service} once: it must say what when it is not answered, whenExhausted: 'park' or 'skip'`,
    ];
  }
  const called = typeof undo === 'object' && undo !== null ? [step, undo] : [step];
  for (const one of called) {
    const isRepeatable = serviceKind === 'participant' || services[one.service]?.actions[one.action]?.repeatable;
    if (one.repeatable === isRepeatable) continue;
    return [
      `${name} takes ${one.service}.${one.action} for ${one.repeatable ? 'repeatable' : 'sent once'}, which it is not`,
    ];
  }
  return [];
};

/** Workflows see no contract's code, so a child's key is said twice. */
const wrongChildKeys = async (saga: RehearsedSaga): Promise<readonly string[]> => {
  const wrong = new Set<string>();
  for (const path of pathsOf(saga)) {
    for (const { step: name, input } of (await rehearsePath(saga, path)).calls) {
      const step = saga.definition.steps[name];
      if (step?.kind !== 'child') continue;
      const key = (step.key as (input: unknown) => string)(input);
      const agreed = saga.app.sagas[step.saga]?.contract.key(input);
      if (key !== agreed) wrong.add(`${name} has the key '${key}'; the contract of ${step.saga} makes it '${agreed}'`);
    }
  }
  return [...wrong];
};
