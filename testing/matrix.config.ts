import { defineConfig } from 'vitest/config';

/** `npm run matrix` runs the whole failure matrix of every saga, and nothing else of their tests. */
export default defineConfig({
  test: {
    include: ['workflows/*.test.ts'],
    testNamePattern: /the failure matrix/,
    globalSetup: ['@amends/testing/global-setup'],
    pool: 'forks',
    // one saga after the other would leave a core idle while its last cells wait
    maxWorkers: 2,
    hookTimeout: 120_000,
  },
});
