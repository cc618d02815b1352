// How many tests passed, failed and were skipped, from the reports of the test programs.
import { readFileSync } from 'node:fs'

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** A program that passes or fails as a whole; one that failed without naming a failed test counts as one failure. */
export function wholeCount(status) {
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
}

function withStatus(counts, status) {
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** Vitest's JSON report; a file that could not be loaded counts as one failure. */
export function vitestCounts(path, status) {
  const report = readReport(path)
  if (report === null) return wholeCount(status === 0 ? 1 : status)
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return withStatus(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    status,
  )
}

/** Playwright's JSON report; a test that passed only when repeated counts as failed. */
export function playwrightCounts(path, status) {
  const report = readReport(path)
  if (report === null) return wholeCount(status === 0 ? 1 : status)
  const { expected, unexpected, flaky, skipped } = report.stats
  return withStatus({ passed: expected, failed: unexpected + flaky, skipped }, status)
}

export function addCounts(all) {
  const sum = (name) => all.reduce((total, counts) => total + counts[name], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/** The last line of a test run. */
export function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
