import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules', 'dist'],
    // one Temporal server, PostgreSQL and NATS for all tests
    globalSetup: ['@amends/testing/global-setup'],
    pool: 'forks',
    // tests of real servers wait more than they work
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
