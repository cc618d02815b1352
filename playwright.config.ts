import { defineConfig } from '@playwright/test'
import type { ShellOptions } from './e2e/support/test.ts'

// One set of scenarios in two shells. Both train on the real engine, so they take turns.
export default defineConfig<object, ShellOptions>({
  testDir: 'e2e',
  outputDir: 'test-results/artifacts',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [['list']],
  projects: [
    { name: 'chromium', use: { shellKind: 'chromium' }, testIgnore: 'desktop/**' },
    { name: 'electron', use: { shellKind: 'electron' } },
  ],
})
