// Pillow's Image.resize, bit for bit: a filter that widens with the scale (antialiasing), in two passes with rounding to
// bytes between them. Source: Pillow 13, src/libImaging/Resample.c and, for nearest, Geometry.c.
import { filledPicture, type Picture } from './picture.ts'
import { inPixelMemory, pictureBytes, placesFor } from './pixel-memory.ts'
import { type AveragingFilter, keptAxisPlan, type ResampledAxis, type ResampleFilter } from './resample-plan.ts'

/** left, upper, right, lower in pixels of the source; fractions are allowed. */
export type ResampleBox = readonly [number, number, number, number]

/**
 * Resizes to [height, width], optionally from a box of the source only; pixels outside the box do take part in the
 * filter at its edge, as in Pillow (torchvision's resized_crop cuts first).
 */
export function resize(
  picture: Picture,
  height: number,
  width: number,
  filter: ResampleFilter,
  box: ResampleBox = [0, 0, picture.width, picture.height],
): Picture {
  if (filter === 'nearest') return resizeNearest(picture, height, width, box)
  const [left, upper, right, lower] = box
  const columns = { size: picture.width, start: left, end: right, out: width }
  const rows = { size: picture.height, start: upper, end: lower, out: height }
  const steps: Step[] = []
  if (isResampled(columns)) steps.push({ direction: 'horizontal', axis: columns })
  if (isResampled(rows)) steps.push({ direction: 'vertical', axis: rows })
  // Pillow before 13 always began with the rows; as the sum between the passes is rounded, the order shows in a value.
  const lostRows = picture.height - height
  if (lostRows > 0 && lostRows > 2 * (picture.width - width)) steps.reverse()
  return { height, width, channels: 3, data: steps.length === 0 ? picture.data.slice() : run(steps, picture, filter) }
}

interface Step {
  direction: 'horizontal' | 'vertical'
  axis: ResampledAxis
}

const isResampled = ({ size, start, end, out }: ResampledAxis) => !(out === size && start === 0 && end === out)

function run(steps: readonly Step[], picture: Picture, filter: AveragingFilter): Uint8Array {
  const plans = steps.map(({ axis }) => keptAxisPlan(axis, filter))
  const between = steps.length === 2 ? [afterStep(steps[0] as Step, picture)] : []
  const last = steps.reduce((size, step) => afterStep(step, size), picture as PictureSize)
  const sizes: PictureSize[] = [picture, ...between, last]
  const { places, bytes } = placesFor([
    ...sizes.map(({ height, width }) => pictureBytes(height, width)),
    ...plans.map((plan) => plan.byteLength),
  ])
  return inPixelMemory(bytes, (passes, memory) => {
    memory.set(picture.data, places[0])
    for (const [i, { direction, axis }] of steps.entries()) {
      const [source, target, plan] = [places[i] as number, places[i + 1] as number, places[sizes.length + i] as number]
      const { height, width } = sizes[i] as PictureSize
      memory.set(new Uint8Array((plans[i] as Int32Array).buffer), plan)
      if (direction === 'vertical') passes.vertical(source, width * 3, target, axis.out, plan)
      else passes.horizontal(source, width * 3, target, axis.out * 3, height, plan, axis.out)
    }
    const start = places[steps.length] as number
    return memory.slice(start, start + last.height * last.width * 3)
  })
}

interface PictureSize {
  height: number
  width: number
}

function afterStep({ direction, axis }: Step, { height, width }: PictureSize): PictureSize {
  return direction === 'horizontal' ? { height, width: axis.out } : { height: axis.out, width }
}

function resizeNearest(
  { width: fromWidth, height: fromHeight, data }: Picture,
  height: number,
  width: number,
  box: ResampleBox,
) {
  const result = filledPicture(height, width)
  const rows = nearestSources(fromHeight, box[1], box[3], height)
  const columns = nearestSources(fromWidth, box[0], box[2], width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((rows[y] as number) * fromWidth + (columns[x] as number)) * 3
      const to = (y * width + x) * 3
      for (let c = 0; c < 3; c++) result.data[to + c] = data[from + c] as number
    }
  }
  return result
}

/** The steps are summed up, as in Pillow: multiplying would round otherwise at borders between pixels. */
function nearestSources(size: number, start: number, end: number, outSize: number): Int32Array {
  const step = Math.fround(Math.fround(end) - Math.fround(start)) / outSize
  const sources = new Int32Array(outSize)
  let at = Math.fround(start) + step * 0.5
  for (let out = 0; out < outSize; out++) {
    sources[out] = Math.min(Math.trunc(at), size - 1)
    at += step
  }
  return sources
}
