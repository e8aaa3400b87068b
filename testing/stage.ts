import { defineStage } from '@amends/testing';
import { calls } from '../activities/index.ts';
import { triggers } from '../api/triggers.ts';
import { shop } from '../contracts/app.ts';
import catalog from '../contracts/catalog.json' with { type: 'json' };
import * as workflows from '../workflows/index.ts';
import { comesBefore } from './comes-before.ts';
import { notConserved } from './invariants/conservation.ts';
import { effectsIn } from './invariants/effects-in.ts';
import { unlikeProvider } from './invariants/provider-books.ts';
import { shelve } from './shelve.ts';
import { startShop } from './shop.ts';

/** The shop, for all that its sagas are tested with. */
export const stage = defineStage({
  module: import.meta.url,
  app: shop,
  catalog,
  triggers,
  calls,
  workflows,
  startServices: startShop,
  prepare: (running, input, { key }) => shelve(running, input, key),
  comesBefore,
  effects: effectsIn,
  wrongAtEnd: async (running) => [
    ...(await notConserved(running, running.shelved)),
    ...(await unlikeProvider(running)),
  ],
});
