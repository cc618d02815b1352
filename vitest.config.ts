import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src-main/**/*.test.ts',
      'src-renderer/**/*.test.{ts,tsx}',
      'tools/**/*.test.ts',
      'scripts/**/*.test.mjs',
    ],
    // Processes, not threads: a native crash of one file must not take the others' results with it.
    pool: 'forks',
    // One more than the two cores that tests are made for: many of them wait for processes that start.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
