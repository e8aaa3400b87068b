import path from 'node:path';
import type { Stage } from '../stage.ts';
import { applicationOf } from './application.ts';
import { pathsOfEverySaga } from './paths-of-every-saga.ts';
import type { RehearsedSaga } from './rehearsed-saga.ts';

/** Every saga of an application, ready to be rehearsed, by their names. */
export const everySaga = async (stage: Stage): Promise<readonly RehearsedSaga[]> => {
  const app = applicationOf(stage);
  const paths = await pathsOfEverySaga(path.dirname(stage.workflowsFile));
  return Object.entries(app.sagas).flatMap(([name, known]) =>
    known === undefined ? [] : [{ ...known, paths: paths[name] ?? {}, app }],
  );
};
