import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeItem, SampleAction, SampleEffects, SampleOf } from './conform-file.ts';
import { isDone, jsonOf } from './read-answer.ts';
import type { SagaRequest, Service } from './service.ts';
import type { Answer } from './speaker.ts';
import { at, fill, fillPath, type Variables } from './template.ts';
import { unkept } from './unkept.ts';

/** One call of an action with ids and a key of its own, whose prerequisites are done. */
export interface Sample {
  readonly key: string;
  readonly saga: string;
  /** The `do`; what is given replaces what it sends by itself. */
  readonly request: (changes?: Partial<SagaRequest>) => SagaRequest;
  readonly act: (changes?: Partial<SagaRequest>) => Promise<Answer>;
  readonly undo: (changes?: Partial<SagaRequest>) => Promise<Answer>;
  readonly settle: (changes?: Partial<SagaRequest>) => Promise<Answer>;
  /** Of its whole saga. `query`: `?cursor=…` */
  readonly seal: (query?: string) => Promise<Answer>;
  /** @throws Unkept unless the effect is there so many times, where the file says how to count it */
  readonly hasEffects: (expected: number) => Promise<void>;
}

export const UNDO = 'POST /saga-operations/undo';
export const SETTLE = 'POST /saga-operations/settle';
export const SEAL = 'POST /saga-operations/seal';

/** What samples are made from. */
export interface SampleSource {
  readonly service: Service;
  readonly actions: Readonly<Record<string, SampleAction>>;
  /** Ids that nobody has had: `c-k7x2m9q4-17`. */
  readonly newId: () => string;
  /** The run's own id. */
  readonly run: string;
}

/** Makes a sample, and does what has to be done before it, in the same saga. @throws Unkept when that is refused */
export const makeSample = async (
  source: SampleSource,
  sample: SampleOf & { readonly name: string },
  saga: string,
  instance?: string,
): Promise<Sample> => {
  const { service, newId, run } = source;
  const suffix = instance === undefined ? '' : `-${instance}`;
  const variables: Record<string, unknown> = { id: newId(), run };
  await prepare(source, sample.before, { saga, suffix, variables });
  const key = `${saga}/${sample.name}${instance === undefined ? '' : `:${instance}`}`;
  const route = fillPath(sample.route, variables);
  const body = fill(sample.body, variables);
  const request = (changes: Partial<SagaRequest> = {}): SagaRequest => ({ route, key, body, ...changes });
  const { effects } = sample;
  const baseline = effects === undefined ? 0 : (await countEffects(service, effects, variables)).count;
  return {
    key,
    saga,
    request,
    act: (changes) => service.ask(request(changes)),
    undo: (changes) => service.ask({ route: UNDO, key, ...changes }),
    settle: (changes) => service.ask({ route: SETTLE, key, ...changes }),
    seal: (query = '') => service.ask({ route: SEAL + query, key: saga }),
    hasEffects: (expected) =>
      effects === undefined
        ? Promise.resolve()
        : expectEffects(service, effects, { variables, baseline, expected, key }),
  };
};

interface Preparing {
  readonly saga: string;
  readonly suffix: string;
  readonly variables: Record<string, unknown>;
}

const prepare = async (source: SampleSource, before: readonly BeforeItem[], preparing: Preparing): Promise<void> => {
  const { saga, suffix, variables } = preparing;
  for (const item of before) {
    const action = typeof item === 'string' ? source.actions[item] : undefined;
    if (typeof item !== 'string') {
      await askPlain(source.service, item, variables);
    } else if (action !== undefined && !Object.hasOwn(variables, item)) {
      await prepare(source, action.before, preparing);
      const answer = await source.service.ask({
        route: fillPath(action.route, variables),
        key: `${saga}/${item}:before${suffix}`,
        body: fill(action.body, variables),
      });
      if (!isDone(answer)) throw unkept(answer, '2xx, since it comes before what is checked');
      variables[item] = jsonOf(answer);
    }
  }
};

/** A request that is no action. @throws Unkept unless it is answered with 2xx */
export const askPlain = async (
  service: Service,
  { route, body }: { readonly route: string; readonly body?: unknown },
  variables: Variables,
): Promise<void> => {
  const answer = await service.ask({ route: fillPath(route, variables), body: fill(body, variables), started: null });
  if (!isDone(answer)) throw unkept(answer, '2xx, since it comes before what is checked');
};

/** A count that is not as it must be is read again after so many milliseconds: a view may come a little later. */
const LOOK_AGAIN_MS: readonly number[] = [30, 100, 300, 1_000];

const expectEffects = async (
  service: Service,
  effects: SampleEffects,
  { variables, baseline, expected, key }: { variables: Variables; baseline: number; expected: number; key: string },
): Promise<void> => {
  let found = await countEffects(service, effects, variables);
  for (const pause of LOOK_AGAIN_MS) {
    if (found.count - baseline === expected) return;
    await sleep(pause);
    found = await countEffects(service, effects, variables);
  }
  if (found.count - baseline === expected) return;
  throw unkept(
    found.answer,
    `the effect of ${key} ${expected === 0 ? 'not to be there' : `${expected} times`}`,
    `it is there ${found.count - baseline} times`,
  );
};

const NOT_THERE = 404;

/** A number counts itself, a list what is in it, an object 1; nothing (also 404) 0. */
const countEffects = async (
  service: Service,
  { get, at: path, where = {} }: SampleEffects,
  variables: Variables,
): Promise<{ readonly count: number; readonly answer: Answer }> => {
  const answer = await service.ask({ route: `GET ${fillPath(get, variables)}`, started: null });
  if (answer.status === NOT_THERE) return { count: 0, answer };
  if (!isDone(answer)) throw unkept(answer, '2xx or 404, since effects are counted there');
  const json = jsonOf(answer);
  const found = path === undefined ? json : at(json, path);
  if (typeof found === 'number') return { count: found, answer };
  if (found === undefined || typeof found === 'string') {
    throw unkept(answer, `a number, a list or an object at ${path ?? 'the top'}`);
  }
  const wanted = Object.entries(fill(where, variables) as Record<string, unknown>);
  const things: readonly unknown[] = Array.isArray(found) ? found : found === null ? [] : [found];
  const count = things.filter((thing) => wanted.every(([member, value]) => at(thing, member) === value)).length;
  return { count, answer };
};
