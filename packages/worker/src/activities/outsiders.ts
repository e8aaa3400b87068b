import * as contracts from '../../../../contracts/services.ts';
import { outsiderCalls } from './outsider-call.ts';

/** How each outsider of the application is called (docs/outsiders.md). The shop has none. */
export const outsiders = outsiderCalls(contracts, {});
