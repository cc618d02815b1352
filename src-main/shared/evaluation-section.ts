// How a run is judged: the section evaluation of a run config.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'
import { interpolations, testAugmentations, testGeometries } from './registry/augmentation.ts'
import { namesOf } from './registry/choice-record.ts'

const { random: _random, ...testInterpolations } = interpolations

export const evaluation = z.strictObject({
  every: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta(
      meta('Evaluate every', 'Test accuracy is measured after so many epochs, and at the end.', {
        unit: 'epochs',
        ...advanced,
      }),
    ),
  batchSize: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .meta(meta('Evaluation batch', 'Has no effect on the figure.', { unit: 'pictures', ...advanced })),
  size: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .meta(meta('Test size', 'Side of the test input; 0 takes that of the training.', { unit: 'px' })),
  resize: z
    .int()
    .min(0)
    .max(2048)
    .default(0)
    .meta(
      meta('Resize to', 'Side to which a test picture is resized before its middle is cut; 0 takes the test size.', {
        unit: 'px',
      }),
    ),
  geometry: z
    .enum(namesOf(testGeometries))
    .default('center')
    .meta(meta('Test geometry', 'How a test picture becomes a square.', advanced)),
  interpolation: z
    .enum(namesOf(testInterpolations))
    .default('bilinear')
    .meta(meta('Test interpolation', 'How test pictures are resized.')),
  testAugmentation: z
    .enum(namesOf(testAugmentations))
    .default('none')
    .meta(meta('Test views', 'What the final figure is averaged over.')),
  checkpoint: z
    .enum(['last', 'best'])
    .default('last')
    .meta(meta('Checkpoint judged', 'The last epoch, or the best test epoch (optimistic).')),
})
