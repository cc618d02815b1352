// TensorFlow's JPEG decoder, on the calling thread. It is libjpeg-turbo with the accurate inverse DCT and smooth upsampling,
// as in Pillow.
import { attr } from './attributes.ts'
import { addressOf } from './capi.ts'
import { DType } from './dtypes.ts'
import { TensorFlowRuntime } from './runtime.ts'

/** In pixels of the picture. */
export interface DecodeWindow {
  top: number
  left: number
  height: number
  width: number
}

export interface JpegDecoder {
  /**
   * Writes the window of a JPEG file as RGB, [height, width, 3], to the start of `target`. At the window's edges colours may
   * differ from those of the whole picture. Throws `tensorflow-op` with the decoder's reason.
   */
  decode(file: Uint8Array, window: DecodeWindow, target: Uint8Array): void
  close(): void
}

const attributes = [
  attr.int('channels', 3),
  attr.int('ratio', 1),
  attr.bool('fancy_upscaling', true),
  attr.bool('try_recover_truncated', false),
  attr.float('acceptable_fraction', 1),
  attr.string('dct_method', 'INTEGER_ACCURATE'),
]

/** Opens libtensorflow in `dir` for this thread. Throws `libtensorflow-missing` or `libtensorflow-damaged`. */
export function openJpegDecoder(dir: string): JpegDecoder {
  // The threads inside operations are those of the process: a limit here would be one for the training step.
  const runtime = new TensorFlowRuntime(dir, { interThreads: 1, cpuOnly: true })
  const contents = runtime.createOpenTensor([], DType.string)
  const cropWindow = runtime.createOpenTensor([4], DType.int32)
  const string = new BigUint64Array(contents.bytes)
  const sides = new Int32Array(cropWindow.bytes)
  return {
    decode(file, { top, left, height, width }, target) {
      // TF_TString_View of tensorflow/core/platform/ctstring_internal.h: the length with the type 3 in its lowest bits, then the
      // address. Nothing is copied; the file lives until the operation is done.
      string.set([(BigInt(file.length) << 2n) | 3n, addressOf(file)])
      sides.set([top, left, height, width])
      const [pixels] = runtime.executeOp('DecodeAndCropJpeg', attributes, [contents.id, cropWindow.id], 1)
      const id = pixels?.id ?? 0
      try {
        runtime.copyTensor(id, target)
      } finally {
        runtime.deleteTensor(id)
      }
    },
    close: () => runtime.close(),
  }
}
