import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { addCounts, describeCounts, playwrightCounts, vitestCounts, wholeCount } from './test-counts.mjs'

function reportFile(report) {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-counts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'report.json')
  writeFileSync(path, typeof report === 'string' ? report : JSON.stringify(report))
  return path
}

const vitestReport = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }

it('adds up what all programs say', () => {
  const vitest = vitestCounts(reportFile(vitestReport), 0)
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
  const playwright = playwrightCounts(reportFile({ stats }), 1)
  expect(describeCounts(addCounts([wholeCount(0), vitest]))).toBe('6 passed, 0 failed')
  expect(describeCounts(addCounts([wholeCount(2), vitest, playwright]))).toBe('8 passed, 3 failed, 2 skipped')
})

it('counts a test file that cannot be loaded as a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  expect(vitestCounts(reportFile({ ...vitestReport, testResults }), 1).failed).toBe(1)
})

it('never takes a program for passed that failed or left no report', () => {
  expect(vitestCounts(reportFile(vitestReport), 1).failed).toBe(1)
  expect(vitestCounts('/nowhere/report.json', 0).failed).toBe(1)
  expect(playwrightCounts(reportFile('{"stats":'), 0).failed).toBe(1)
})
