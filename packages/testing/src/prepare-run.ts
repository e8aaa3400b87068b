import type { Services } from './services/start-services.ts';
import type { ComesBefore, Stage } from './stage.ts';
import type { RehearsedSaga } from './rehearsal/rehearsed-saga.ts';
import { inputOf } from './rehearsal/ways.ts';

/** What a run of a saga is given. */
export interface PreparedRun {
  readonly input: unknown;
  /** What has to have completed first; undefined: nothing. */
  readonly first: ComesBefore | undefined;
}

/** An input of a fresh key, on services that are ready for it. */
export const prepareRun = async (
  { stage, services }: { readonly stage: Stage; readonly services: Services },
  saga: RehearsedSaga,
  path: string,
  key: string,
): Promise<PreparedRun> => {
  const { contract, definition } = saga;
  const { name } = definition;
  const renamed = renewed(inputOf(saga, path), contract.key(contract.example), key);
  const input = await stage.prepare(services, renamed, { saga: name, key });
  return { input, first: stage.comesBefore(name, input) };
};

/** Wherever an example names its business key it names another. */
const renewed = (example: unknown, key: string, freshKey: string): unknown => {
  if (Array.isArray(example)) return example.map((item) => renewed(item, key, freshKey));
  if (typeof example === 'object' && example !== null) {
    return Object.fromEntries(Object.entries(example).map(([name, member]) => [name, renewed(member, key, freshKey)]));
  }
  return example === key ? freshKey : example;
};
