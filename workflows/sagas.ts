import type { shop } from '../contracts/app.ts';
import { createSagas } from '@amends/saga';

/** What the shop's sagas are written with: only the contracts' types come in here. */
export const {
  saga,
  event,
  childSaga,
  services: { orders, inventory, payments, shipping, notifications },
} = createSagas<typeof shop>();
