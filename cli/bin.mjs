#!/usr/bin/env node
// `npx amends …` from the checkout: the same commands as `npm run`, run from TypeScript without a build.
import { register } from 'tsx/esm/api';

register();
await import('./amends.ts');
