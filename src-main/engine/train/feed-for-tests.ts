// A feed pool without threads, made of the plain functions that define what pictures become: what the pool's threads are
// compared with.
import { cropViews, evaluationSize } from '../../shared/input-fit.ts'
import { decodeRgb } from '../data/decode-picture.ts'
import { openDecoded } from '../data/decoded-pictures.ts'
import type { Normalization } from '../data/normalization.ts'
import { createPreparation, preparesBytes, uncut } from '../data/picture-preparation.ts'
import { createLocationReader } from '../data/readers/read-location.ts'
import { withShortSide } from '../data/short-side.ts'
import { createTestPreparation, cutsBytes } from '../data/test-views.ts'
import type { Picture } from '../data/transforms/picture.ts'
import type { BrokenPicture, FeedPlan, FeedPool, FeedSource, PreparedType } from '../feed/types.ts'

/** Leaves bytes as they are. */
const unnormalised: Normalization = {
  scale: Float32Array.of(1, 1, 1),
  offset: new Float32Array(3),
  offsetShape: [3],
}

/** One picture after the other. */
export function createPlainPool(plan: FeedPlan): FeedPool {
  const { config, normalization, pixels, decoded } = plan
  const trainingType = preparesBytes(config.augment) ? 'uint8' : 'float32'
  const testType = cutsBytes(config) ? 'uint8' : 'float32'
  const ofType = (type: PreparedType) => (type === 'uint8' ? unnormalised : normalization)
  const reader = plan.root === '' ? null : createLocationReader(plan.root)
  const store = decoded === null ? null : openDecoded(decoded)
  const prepare = createPreparation(config.augment, ofType(trainingType))

  const pictureOf = async (source: FeedSource): Promise<Picture> => {
    if (source.kind === 'decoded' && store) return store.read(source)
    if (source.kind === 'pixels' && pixels) {
      const { height, width, data } = pixels
      const bytes = height * width * 3
      return { height, width, channels: 3, data: new Uint8Array(data, source.index * bytes, bytes) }
    }
    if (source.kind === 'decoded' || source.kind === 'pixels' || !reader) throw new Error(`no source ${source.kind}`)
    return withShortSide(await decodeRgb(await reader.read(source)), config.data.shortSide)
  }
  /** Fills places of `length` values each; broken ones with zeros. */
  const fill = async (
    sources: readonly FeedSource[],
    length: number,
    type: PreparedType,
    target: SharedArrayBuffer,
    valuesOf: (picture: Picture, place: number) => Float32Array[],
  ): Promise<BrokenPicture[]> => {
    const values = type === 'uint8' ? new Uint8Array(target) : new Float32Array(target)
    const broken: BrokenPicture[] = []
    for (const [place, source] of sources.entries()) {
      values.fill(0, place * length, (place + 1) * length)
      try {
        let at = place * length
        for (const view of valuesOf(await pictureOf(source), place)) {
          values.set(view, at)
          at += view.length
        }
      } catch (error) {
        broken.push({ place, reason: (error as Error).message })
      }
    }
    return broken
  }
  return {
    trainingType,
    testType,
    training(requests, input, target) {
      const sources = requests.map(({ source }) => source)
      return fill(sources, input[0] * input[1] * 3, trainingType, target, (picture, place) => {
        const request = requests[place]
        return request ? [prepare(uncut(picture), request.key, input)] : []
      })
    },
    test(sources, views, target) {
      const [height, width] = evaluationSize(config)
      const length = (cropViews[views] ?? 1) * height * width * 3
      return fill(sources, length, testType, target, createTestPreparation(config, ofType(testType), views))
    },
    async close() {
      reader?.close()
      store?.close()
    },
  }
}
