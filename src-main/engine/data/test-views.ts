// The views of a test picture that a network judges where the picture is not judged as it is stored.
import { evaluationSize } from '../../shared/input-fit.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import { type Normalization, normalisedPixels } from './normalization.ts'
import { fiveCrop, roundHalfEven, type Size, shortSideSize, tenCrop } from './transforms/crop-geometry.ts'
import { applyGeometry, type EvaluationGeometry } from './transforms/evaluation-transform.ts'
import { type Interpolation, resizePicture } from './transforms/interpolation.ts'
import type { FloatPicture, Picture } from './transforms/picture.ts'

type Views = RunConfig['evaluation']['testAugmentation']

/** Border of the TPU EfficientNet code, in pixels of the input. */
const tpuBorder = 32

/** Network inputs [height, width, 3] of one picture, float32: one, or those of 5-crop and 10-crop. */
export type TestPreparation = (picture: Picture) => Float32Array[]

/** `views` of the config's evaluation; `normalization` must be per channel. */
export function createTestPreparation(config: RunConfig, normalization: Normalization, views: Views): TestPreparation {
  const cut = createTestCuts(config, views)
  return (picture) => cut(picture).map(({ data }) => normalisedPixels(data, normalization))
}

/** Whether the views of test pictures are bytes before normalisation. */
export function cutsBytes({ evaluation }: RunConfig): boolean {
  return !evaluation.interpolation.startsWith('tf-')
}

/** The views before normalisation. */
export function createTestCuts(config: RunConfig, views: Views): (picture: Picture) => (Picture | FloatPicture)[] {
  const { interpolation } = config.evaluation
  const size = evaluationSize(config)
  const geometry = testGeometry(config)
  const crops = views === 'five-crop' ? fiveCrop : views === 'ten-crop' ? tenCrop : null
  return (picture) =>
    crops
      ? crops(largeEnough(picture, config.evaluation.resize, size, interpolation), size)
      : [applyGeometry(picture, geometry, interpolation)]
}

/** The config's geometry, its border in the mean colour. */
export function testGeometry(config: RunConfig): EvaluationGeometry {
  const { geometry: mode, resize } = config.evaluation
  const crop = evaluationSize(config)
  const side = resize > 0 ? resize : Math.max(...crop)
  switch (mode) {
    case 'center':
      return { mode, resize: side, crop }
    case 'squash':
      return { mode, resize: [side, side], crop }
    case 'border': {
      const [red = 0, green = 0, blue = 0] = config.input.mean.map((value) => roundHalfEven(255 * value))
      return { mode, resize: [side, side], crop, fill: [red, green, blue] }
    }
    case 'crop-first':
      return { mode, size: crop[0], padding: resize > 0 ? resize - crop[0] : tpuBorder }
  }
}

/** The shorter side to `resize`, or to the size of the crops. */
function largeEnough(picture: Picture, resize: number, size: Size, interpolation: Interpolation) {
  const short = resize > 0 ? resize : Math.max(...size)
  return resizePicture(picture, ...shortSideSize([picture.height, picture.width], short), interpolation)
}
