import { knownSagas } from '../rehearsal/known-sagas.ts';
import { pathsOfEverySaga } from '../rehearsal/paths-of-every-saga.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';

/** Every saga of the project, ready to be rehearsed. */
export const everySaga = async (): Promise<readonly RehearsedSaga[]> => {
  const paths = await pathsOfEverySaga();
  return Object.entries(knownSagas).flatMap(([name, known]) =>
    known === undefined ? [] : [{ ...known, paths: paths[name] ?? {}, all: knownSagas }],
  );
};
