import { configDefaults, defineConfig } from 'vitest/config';

const exclude = [...configDefaults.exclude, '.next/**', '.bellkeeper/**', 'e2e/**'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude: [...exclude, '**/*.db.test.ts'] } },
      { test: { name: 'db', include: ['**/*.db.test.ts'], exclude } },
    ],
  },
});
