import type { MatchCount } from '../../../../src-main/shared/dataset-views.ts'

export interface MatchShares {
  /** Pictures that are missing or unlike, and those that are too many. */
  differing: number
  /** Pieces of the bar in order, by pictures. */
  shares: { part: 'matchTrain' | 'matchDiffering' | 'matchTest'; share: number }[]
}

/** How much of a part is that of the benchmark; where that is not known by picture, by how many there are. */
function agreeing({ matching, found, expected }: MatchCount): number {
  return matching ?? Math.min(found, expected)
}

/** The bar of a benchmark's pictures: those of train, those that differ, those of test. */
export function matchShares(train: MatchCount, test: MatchCount): MatchShares {
  const differing = [train, test].reduce((sum, part) => sum + Math.max(part.expected, part.found) - agreeing(part), 0)
  const shares: MatchShares['shares'] = [
    { part: 'matchTrain', share: agreeing(train) },
    // A few pictures among thousands would be thinner than a pixel.
    {
      part: 'matchDiffering',
      share: differing > 0 ? Math.max(differing, (train.expected + test.expected) * 0.015) : 0,
    },
    { part: 'matchTest', share: agreeing(test) },
  ]
  return { differing, shares: shares.filter(({ share }) => share > 0) }
}
