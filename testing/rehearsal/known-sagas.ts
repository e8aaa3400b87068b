import * as contracts from '../../contracts/sagas.ts';
import * as workflows from '../../workflows/index.ts';
import type { Definition } from '../../packages/saga/src/definition.ts';
import type { AnyContract, KnownSaga } from './rehearsed-saga.ts';

const contractOf = new Map<string, unknown>(Object.entries(contracts)) as ReadonlyMap<string, AnyContract>;

/** Every saga that `workflows/index.ts` exports and the contracts know, by name; what it exports beside sagas is left out. */
export const knownSagas: Readonly<Record<string, KnownSaga | undefined>> = Object.fromEntries(
  Object.entries(workflows).flatMap(([name, workflow]) => {
    const contract = contractOf.get(name);
    return 'definition' in workflow && contract !== undefined
      ? [[name, { definition: workflow.definition as unknown as Definition, contract }]]
      : [];
  }),
);
