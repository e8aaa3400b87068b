import { defineApp } from '@amends/contracts';
import { events } from './events.ts';
import { flights } from './flights.ts';
import { hotels } from './hotels.ts';
import { loyalty } from './loyalty.ts';
import * as sagas from './sagas.ts';

/** Everything that this application says. */
export const travel = defineApp({ services: { flights, hotels, loyalty }, sagas: { ...sagas }, events });
