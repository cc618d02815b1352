import type { PreviewInput } from '../../../src-main/shared/dataset-views.ts'

/** The classes an input is trained towards, with their shares where they are mixed: "frog 0.62, ship 0.38". */
export function targetWords(targets: PreviewInput['targets'], separator: string): string {
  const whole = targets.length === 1 && (targets[0]?.share ?? 0) >= 0.995
  return targets.map(({ className, share }) => (whole ? className : `${className} ${share.toFixed(2)}`)).join(separator)
}
