import { applicationOf } from '../packages/testing/src/rehearsal/application.ts';
import { stage } from './stage.ts';

/** What is known of the shop without running anything. */
export const shopApplication = applicationOf(stage);
