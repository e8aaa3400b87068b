import { createSagas } from '@amends/saga';
import type { travel } from '../contracts/app.ts';

/** What sagas are written with: only the contracts' types come in here. */
export const {
  saga,
  event,
  childSaga,
  services: { flights, hotels },
  outsiders: { loyalty },
} = createSagas<typeof travel>();
