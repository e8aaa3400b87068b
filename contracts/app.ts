import { defineApp } from '@amends/contracts';
import { events } from './events.ts';
import * as sagas from './sagas.ts';
import * as services from './services.ts';

/** Everything that the shop says: what its services can be asked, its sagas, its events. */
export const shop = defineApp({ services: { ...services }, sagas: { ...sagas }, events });
