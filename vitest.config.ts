import { configDefaults, defineConfig } from 'vitest/config';

const exclude = [...configDefaults.exclude, '.next/**', '.bellkeeper/**', 'e2e/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.db.test.ts', '**/*.launch.test.ts'],
          // A busy machine is slow, not wrong.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['**/*.db.test.ts'],
          exclude,
          globalSetup: ['./db/testing/global-setup.ts'],
          // Real processes on a busy machine: the waits inside the tests are the bounds that matter.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // One launcher at a time: each brings its own PostgreSQL, web and worker.
      { test: { name: 'launch', include: ['**/*.launch.test.ts'], exclude, fileParallelism: false } },
    ],
  },
});
