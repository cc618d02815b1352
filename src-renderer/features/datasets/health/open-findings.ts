import {
  type Finding,
  type HealthReport,
  isRepaired,
  type Severity,
} from '../../../../src-main/shared/dataset-views.ts'

/** Worst first, as the report lists them. */
const severities: readonly Severity[] = ['problem', 'warning', 'hint', 'passed']

/** How many findings of each severity still stand. A problem whose pictures are all left out is none any more. */
export function openCounts({ findings }: Pick<HealthReport, 'findings'>): Record<Severity, number> {
  const counts: Record<Severity, number> = { problem: 0, warning: 0, hint: 0, passed: 0 }
  for (const finding of findings) if (!isRepaired(finding)) counts[finding.severity] += 1
  return counts
}

/** Findings worst first, the larger ones before the smaller of the same severity; passed ones keep their order. */
export function sortedFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      (a.severity === 'passed' ? 0 : b.count - a.count),
  )
}
