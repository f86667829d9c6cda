import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two processor cores are what we count on; some tests bring workers of their own.
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A PC's interpreter now and then loses what it is typed (docs/interpreter.md); the report names what passed only then.
    retry: process.env.CI ? 2 : 0,
  },
});
