// Findings of the health report as words for a terminal.
import {
  type Finding,
  type FindingKind,
  type HealthReport,
  isRepaired,
  type Severity,
} from '../shared/dataset-views.ts'
import { count } from './number-words.ts'
import { table } from './table.ts'

const titles: Record<FindingKind, string> = {
  unreadable: 'pictures that cannot be read',
  'wrong-extension': 'pictures of another format than their name says',
  oversized: 'pictures too large to decode',
  cmyk: 'pictures for print (CMYK)',
  deep: 'pictures with 16 bits a channel',
  alpha: 'pictures with transparency',
  animated: 'animated pictures, of which the first frame is used',
  turned: 'pictures that their EXIF data turns',
  'grey-among-colour': 'grey pictures among colour ones',
  tiny: 'tiny pictures',
  huge: 'huge pictures',
  'mixed-sizes': 'pictures of unlike sizes',
  imbalance: 'classes of unlike sizes',
  'empty-class': 'classes without pictures',
  'one-part-class': 'classes in one part only',
  leak: 'pictures of the test part that are also trained on',
  'near-leak': 'pictures of the test part that look like trained ones',
  copies: 'exact copies within a part',
  'near-copies': 'pictures of one part that look alike',
  'label-conflict': 'equal pictures with different labels',
  'missing-file': 'files that are listed but not there',
  'benchmark-differs': 'pictures unlike those of the benchmark',
  statistics: 'mean and deviation of the channels',
}

const severities: Record<Severity, string> = { problem: 'PROBLEM', warning: 'warning', hint: 'hint', passed: 'passed' }
const order: readonly Severity[] = ['problem', 'warning', 'hint', 'passed']

/** A table of the findings, the worst first; what was looked for and not found is left out. */
export function findingTable({ findings }: Pick<HealthReport, 'findings'>): string {
  const shown = findings
    .filter(({ severity }) => severity !== 'passed')
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  if (shown.length === 0) return 'Nothing was found that would harm a training.'
  return table(
    ['', 'COUNT', 'LEFT OUT', 'FINDING', 'WHAT'],
    shown.map((finding) => [
      severities[finding.severity],
      count(finding.count),
      finding.excluded > 0 ? count(finding.excluded) : '',
      finding.kind,
      titles[finding.kind],
    ]),
  )
}

export function openProblems({ findings }: Pick<HealthReport, 'findings'>): Finding[] {
  return findings.filter((finding) => finding.severity === 'problem' && !isRepaired(finding))
}
