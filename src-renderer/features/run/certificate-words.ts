// A resume certificate in one line.
import type { ResumeCertificate } from '../../../src-main/shared/resume-certificate.ts'
import type { Numbers } from '../../i18n/numbers.ts'

export interface CertificateWords {
  key: 'halves' | 'equal' | 'differs'
  values: Record<string, string | number>
}

/** "2 epochs straight = 1 + pause + 1" where it was just that; else how often it was paused, or by how much it differs. */
export function certificateWords(certificate: ResumeCertificate, numbers: Numbers): CertificateWords {
  const { equal, epochs, steps, pausedAt, maxDifference, firstDifference, at } = certificate
  const time = numbers.clock(at)
  if (!equal) {
    return { key: 'differs', values: { difference: numbers.loss(maxDifference), first: firstDifference ?? '–', time } }
  }
  const halves = epochs === 2 && pausedAt.length === 1 && (pausedAt[0] ?? 0) * 2 === steps
  return halves
    ? { key: 'halves', values: { time } }
    : { key: 'equal', values: { epochs, pauses: pausedAt.length, time } }
}
