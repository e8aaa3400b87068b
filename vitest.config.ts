import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*/**/*.test.ts'],
    // what is built, and what only an application of its own can run
    exclude: [...configDefaults.exclude, '**/dist/**', 'packages/create-amends/template/**'],
    globalSetup: ['@amends/testing/global-setup'],
    pool: 'forks',
    // on two cores: tests of real servers wait more than they work
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
