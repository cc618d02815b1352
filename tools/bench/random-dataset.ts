import type { PictureShape, PixelDataset } from '../../src-main/engine/data/dataset.ts'

/** Random pictures with the statistics of CIFAR-10; the step's time does not depend on what they show. */
export function randomDataset(shape: PictureShape, pictures: number, classes: number): PixelDataset {
  let state = 1
  const byte = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  }
  const set = {
    images: Uint8Array.from({ length: pictures * shape[0] * shape[1] * shape[2] }, byte),
    labels: Uint8Array.from({ length: pictures }, () => byte() % 10),
    count: pictures,
  }
  const summary = { id: 'random', label: 'Random', fingerprint: '', benchmark: false, skipped: [] }
  return {
    storage: 'pixels',
    summary: {
      ...summary,
      train: pictures,
      test: pictures,
      classes: Array.from({ length: classes }, (_, i) => String(i)),
    },
    shape,
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
    train: set,
    test: set,
  }
}
