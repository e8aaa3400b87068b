import { asyncApi } from '@amends/contracts/internal';
import type { Stage } from '../stage.ts';

/** What `contracts/asyncapi.json` has to be: every event that the contracts have. */
export const asyncApiText = ({ app }: Pick<Stage, 'app'>): string =>
  `${JSON.stringify(asyncApi(app.events), null, 2)}\n`;
