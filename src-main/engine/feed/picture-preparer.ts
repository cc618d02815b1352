// One picture from where it lies to its place in a batch, on the calling thread.
import { cropViews, evaluationSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { brokenReason, decodeRgb } from '../data/decode-picture.ts'
import { type DecodedReader, openDecoded } from '../data/decoded-pictures.ts'
import {
  createBytePreparation,
  createPreparation,
  preparesBytes,
  type UncutPicture,
  uncut,
} from '../data/picture-preparation.ts'
import { createLocationReader, type LocationReader } from '../data/readers/read-location.ts'
import { uncutWithShortSide, withShortSide } from '../data/short-side.ts'
import { createTestCuts, createTestPreparation, cutsBytes } from '../data/test-views.ts'
import type { Size } from '../data/transforms/crop-geometry.ts'
import type { Picture } from '../data/transforms/picture.ts'
import { type JpegHeader, readJpegHeader } from '../formats/jpeg-header.ts'
import { type JpegDecoder, openJpegDecoder } from '../tensorflow/jpeg-decoder.ts'
import { decodeJpegWindow, isDecodedAlike } from './jpeg-window.ts'
import type { FeedPlan, FeedSource, PreparedType, TrainingRequest } from './types.ts'

type Views = RunConfig['evaluation']['testAugmentation']

export interface PicturePreparer {
  /**
   * Writes a training input to `place` of `target`, counted in inputs. Returns null, or why the picture cannot be read; its values
   * are 0 then.
   */
  training(request: TrainingRequest, input: Size, target: SharedArrayBuffer, place: number): Promise<string | null>
  /** Writes the views of a test picture to `place` of `target`, counted in pictures. */
  test(source: FeedSource, views: Views, target: SharedArrayBuffer, place: number): Promise<string | null>
  close(): void
}

/** What the values of training and test inputs are. */
export function preparedTypes(config: RunConfig): Record<'training' | 'test', PreparedType> {
  return {
    training: preparesBytes(config.augment) ? 'uint8' : 'float32',
    test: cutsBytes(config) ? 'uint8' : 'float32',
  }
}

/** Throws `libtensorflow-missing`, `libtensorflow-damaged`, or `config-out-of-range` for policy settings that cannot be read. */
export function createPicturePreparer(plan: FeedPlan): PicturePreparer {
  const { config, normalization } = plan
  const types = preparedTypes(config)
  const prepare =
    types.training === 'uint8'
      ? createBytePreparation(config.augment)
      : createPreparation(config.augment, normalization)
  const pictures = openPictures(plan)
  const prepareViews = new Map<Views, (picture: Picture) => (Uint8Array | Float32Array)[]>()
  const viewsOf = (views: Views) => {
    const known = prepareViews.get(views)
    if (known !== undefined) return known
    const cut = createTestCuts(config, views)
    const prepared =
      types.test === 'uint8'
        ? (picture: Picture) => cut(picture).map(({ data }) => data)
        : createTestPreparation(config, normalization, views)
    prepareViews.set(views, prepared)
    return prepared
  }
  return {
    async training({ source, key }, input, target, place) {
      const slot = slotOf(target, types.training, input, place)
      return reasonOf(source, slot, () => pictures.use(source, (picture) => fill(slot, [prepare(picture, key, input)])))
    },
    async test(source, views, target, place) {
      const size = evaluationSize(config)
      const count = cropViews[views] ?? 1
      const slot = slotOf(target, types.test, [size[0] * count, size[1]], place)
      return reasonOf(source, slot, () =>
        pictures.use(source, (picture) => fill(slot, viewsOf(views)(picture.cut(whole(picture))))),
      )
    },
    close: pictures.close,
  }
}

const whole = ({ height, width }: UncutPicture) => ({ top: 0, left: 0, height, width })

type Slot = Uint8Array | Float32Array

function slotOf(target: SharedArrayBuffer, type: PreparedType, [height, width]: Size, place: number): Slot {
  const values = height * width * 3
  if (type === 'uint8') return new Uint8Array(target, place * values, values)
  return new Float32Array(target, place * values * 4, values)
}

function fill(slot: Slot, inputs: readonly Slot[]): void {
  const values = inputs.reduce((sum, { length }) => sum + length, 0)
  if (values !== slot.length) throw new Error(`${values / 3} pixels where the network takes ${slot.length / 3}`)
  let at = 0
  for (const input of inputs) {
    slot.set(input, at)
    at += input.length
  }
}

async function reasonOf(source: FeedSource, slot: Slot, work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    slot.fill(0)
    return brokenReason(error, 'path' in source ? source.path : '')
  }
}

interface Pictures {
  /** Calls `work` with a picture; twice where the first decoder turns out not to be able to read it. */
  use(source: FeedSource, work: (picture: UncutPicture) => void): Promise<void>
  close(): void
}

function openPictures({ root, pixels, decoded, libtensorflowDir, config }: FeedPlan): Pictures {
  const { shortSide } = config.data
  const decoder: JpegDecoder | null = libtensorflowDir === null ? null : openJpegDecoder(libtensorflowDir)
  const locations: LocationReader | null = root === '' ? null : createLocationReader(root)
  const store: DecodedReader | null = decoded === null ? null : openDecoded(decoded)
  return {
    async use(source, work) {
      if (source.kind === 'pixels') return work(uncut(storedPixels(pixels, source.index)))
      if (source.kind === 'decoded') return work(uncut(required(store).read(source)))
      const file = required(locations).readSync(source)
      const header = decoder === null ? null : readJpegHeader(file)
      if (decoder !== null && header !== null && isDecodedAlike(header)) {
        try {
          return work(uncutWithShortSide(uncutJpeg(decoder, file, header), shortSide))
        } catch {
          // Whether the picture is broken is for the other decoder to say.
        }
      }
      work(uncut(withShortSide(await decodeRgb(file), shortSide)))
    },
    close() {
      locations?.close()
      store?.close()
      decoder?.close()
    },
  }
}

function uncutJpeg(decoder: JpegDecoder, file: Uint8Array, header: JpegHeader): UncutPicture {
  const { height, width } = header
  return { height, width, cut: (box) => decodeJpegWindow(decoder, file, header, box) }
}

function storedPixels(pixels: FeedPlan['pixels'], index: number): Picture {
  const { data, height, width } = required(pixels)
  const bytes = height * width * 3
  return { height, width, channels: 3, data: new Uint8Array(data, index * bytes, bytes) }
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the plan of the feed says nothing of this kind of picture')
  return value
}
