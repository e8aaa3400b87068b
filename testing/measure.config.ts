import { defineConfig } from 'vitest/config';

/** `npm run measure`, or `npm run measure -- one-away`: minutes each; figures mean something on a quiet machine only. */
export default defineConfig({
  test: {
    include: ['testing/measure/{wide-sagas,one-away}.ts'],
    globalSetup: ['@amends/testing/global-setup'],
    reporters: ['verbose'],
    pool: 'forks',
    // what is measured has the machine for itself
    maxWorkers: 1,
    testTimeout: 1_200_000,
    hookTimeout: 120_000,
  },
});
