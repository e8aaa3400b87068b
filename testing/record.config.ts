import { defineConfig } from 'vitest/config';

/**
 * `npm run record` writes workflows/histories anew, to be committed with the change of the engine that asks for it; `npm run record -- -t
 * returnOrder` only those of one saga.
 */
export default defineConfig({
  test: {
    include: ['packages/testing/src/histories/record-histories.ts'],
    globalSetup: ['@amends/testing/global-setup'],
    reporters: ['verbose'],
    hideSkippedTests: true,
    // most of them wait
    maxConcurrency: 10,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
