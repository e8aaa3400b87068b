import { defineConfig } from 'vitest/config';

/** `npm run record` writes workflows/histories anew; to be committed with the change of the engine that asks for it. */
export default defineConfig({
  test: {
    include: ['testing/record-histories.ts'],
    globalSetup: ['testing/global-setup.ts'],
    testTimeout: 120_000,
  },
});
