import { describe, expect, it } from 'vitest'
import { oraclePicture } from '../../../../tools/oracle/read-transforms.ts'
import type { Part } from '../../../shared/dataset-views.ts'
import { collectTraces, findCopies } from './duplicates.ts'
import { tracePixels } from './examine-picture.ts'
import { miniature } from './perceptual-hash.ts'

interface Sample {
  data: Uint8Array
  label: number
  part: Part | null
}

const plain = (value: number) => new Uint8Array(32 * 32 * 3).fill(value)
/** Like none of the others: shapes at a place of its own. */
const picture = (number: number) =>
  Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => {
    const [y, x] = [Math.floor(i / 96), Math.floor(i / 3) % 32]
    const place = (number * 7919) % 1009
    const isDisc = (x - (place % 29)) ** 2 + (y - (place % 23)) ** 2 < 30 + (place % 40)
    const isBar = (x * (1 + (place % 3)) + y * (1 + (place % 4))) % (11 + (place % 13)) < 5
    return (isDisc ? 200 : 90) + (isBar ? 40 : 0) - (i % 3) * (place % 17)
  })
/** Brighter and with noise, as by another compression. */
const near = (data: Uint8Array) => {
  const noise = oraclePicture(0, 32, 32).data
  return data.map((value, i) => 8 + value * 0.95 + (noise[i] as number) / 64)
}

async function copiesOf(samples: Sample[]) {
  const traced = samples.map(({ data, label, part }, i) => ({
    picture: i,
    label,
    part,
    traces: tracePixels({ height: 32, width: 32, channels: 3, data }),
  }))
  return findCopies(collectTraces(traced, samples.length, 'test'), {
    miniatureOf: (i) => {
      const { data } = samples[i] as Sample
      return Promise.resolve(miniature({ height: 32, width: 32, channels: 3, data }))
    },
    onProgress: () => {},
    signal: new AbortController().signal,
  })
}

const others = Array.from({ length: 40 }, (_, i) => ({ data: picture(100 + i), label: 0, part: 'train' as const }))

describe('copies', () => {
  it('are told apart by where they lie', async () => {
    const found = await copiesOf([
      { data: picture(1), label: 0, part: 'train' },
      { data: picture(1), label: 0, part: 'test' },
      { data: picture(2), label: 0, part: 'train' },
      { data: picture(2), label: 1, part: 'val' },
      { data: picture(3), label: 0, part: 'train' },
      { data: near(picture(3)), label: 0, part: 'test' },
      { data: picture(4), label: 1, part: 'test' },
      { data: near(picture(4)), label: 2, part: 'test' },
      { data: picture(5), label: 0, part: null },
      { data: picture(5), label: 0, part: 'train' },
      ...others,
    ])
    const score = expect.closeTo(0.98, 1)
    expect(found).toEqual({
      leak: [{ picture: 0, twin: 1, score: 1 }],
      leakedTest: 1,
      copies: [{ picture: 3, twin: 2, score: 1 }],
      nearLeak: [{ picture: 4, twin: 5, score }],
      nearLeakedTest: 1,
      nearCopies: [{ picture: 7, twin: 6, score }],
      labelConflict: [
        { picture: 2, twin: 3, score: 1 },
        { picture: 3, twin: 2, score: 1 },
        { picture: 7, twin: 6, score },
        { picture: 6, twin: 7, score },
      ],
      nearJudged: true,
    })
  })

  it('of one plain picture stay one group, and are near to no other plain one', async () => {
    const black = Array.from({ length: 500 }, () => ({ data: plain(0), label: 0, part: 'train' as const }))
    const found = await copiesOf([...black, { data: plain(3), label: 0, part: 'test' }, ...others])
    expect(found.copies).toHaveLength(499)
    expect(new Set(found.copies.map(({ twin }) => twin))).toEqual(new Set([0]))
    expect([found.leak, found.nearLeak, found.nearCopies]).toEqual([[], [], []])
  })

  it('of one picture in a large data set take no squares of time', async () => {
    const count = 200_000
    const traces = tracePixels({ height: 32, width: 32, channels: 3, data: plain(0) })
    const traced = Array.from({ length: count }, (_, picture) => {
      return {
        picture,
        label: picture % 2,
        part: picture === count - 1 ? ('test' as const) : ('train' as const),
        traces,
      }
    })
    const found = await findCopies(collectTraces(traced, count, 'test'), {
      miniatureOf: () => Promise.resolve(plain(0)),
      onProgress: () => {},
      signal: new AbortController().signal,
    })
    expect([found.leak.length, found.copies.length, found.labelConflict.length]).toEqual([count - 1, count - 2, count])
  })

  it('of the same bytes in another shape are none', async () => {
    const data = picture(9)
    const wide = tracePixels({ height: 16, width: 64, channels: 3, data })
    const square = tracePixels({ height: 32, width: 32, channels: 3, data })
    expect(wide.digest).not.toEqual(square.digest)
  })
})

it('near-copies are not told where unlike pictures look alike', async () => {
  const alike = Array.from({ length: 60 }, (_, i) => ({
    data: picture(1).map((value, at) => (at % 60 === i ? 255 : value)),
    label: i % 3,
    part: i % 2 === 0 ? ('train' as const) : ('test' as const),
  }))
  const found = await copiesOf(alike)
  expect(found.nearJudged).toBe(false)
  expect([found.nearLeak, found.nearCopies, found.labelConflict]).toEqual([[], [], []])
})
