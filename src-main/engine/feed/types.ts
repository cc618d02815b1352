// Pictures on their way from disk or memory to a batch: read, decoded, cut, resized and changed in threads of their own, so
// that neither JavaScript nor the training step waits for them.
import type { RunConfig } from '../../shared/run-config.ts'
import type { DecodedPlace, DecodedStore } from '../data/decoded-pictures.ts'
import type { Normalization } from '../data/normalization.ts'
import type { PictureKey } from '../data/picture-preparation.ts'
import type { PictureLocation } from '../data/readers/file-tree.ts'
import type { Size } from '../data/transforms/crop-geometry.ts'

/** A picture on disk below the plan's root, one decoded before into the plan's store, or one of the plan's raw pixels. */
export type FeedSource = PictureLocation | DecodedPlace | { kind: 'pixels'; index: number }

/** Everything that stays the same over a run; it is copied to each thread once. */
export interface FeedPlan {
  /** Absolute path of the data set's folder or archive. */
  root: string
  /** Raw pixels [n, h, w, 3] of sources of kind `pixels`; null without. */
  pixels: { data: SharedArrayBuffer; height: number; width: number } | null
  /** Where sources of kind `decoded` lie (`openDecoded` reads them); null without. */
  decoded: DecodedStore | null
  config: RunConfig
  normalization: Normalization
  /** Folder of libtensorflow, whose JPEG decoder is used; null decodes everything by sharp. */
  libtensorflowDir: string | null
  threads: number
}

export interface TrainingRequest {
  source: FeedSource
  key: PictureKey
}

/** A picture that could not be read: its place in the request, and the decoder's reason. Its values are 0. */
export interface BrokenPicture {
  place: number
  reason: string
}

/** What prepared values are: bytes, where cutting, mirroring and policies were all that was done, else normalised floats. */
export type PreparedType = 'uint8' | 'float32'

export interface FeedPool {
  /** Of training inputs and of test inputs. */
  trainingType: PreparedType
  testType: PreparedType
  /**
   * Prepares training inputs into `target` [n, input height, input width, 3], request by request. Several calls may be under way
   * at once; they are served in their order.
   */
  training(requests: readonly TrainingRequest[], input: Size, target: SharedArrayBuffer): Promise<BrokenPicture[]>
  /** Prepares the views of test pictures into `target` [n x views, h, w, 3]. */
  test(
    sources: readonly FeedSource[],
    views: RunConfig['evaluation']['testAugmentation'],
    target: SharedArrayBuffer,
  ): Promise<BrokenPicture[]>
  close(): Promise<void>
}
