// How batch normalisation departs from the architecture's: the section norm of a run config.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'

export const norm = z.strictObject({
  momentum: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(
      meta(
        'Batch-norm momentum',
        "Share of the new value in running statistics, as in PyTorch; 0 takes the architecture's.",
        advanced,
      ),
    ),
  epsilon: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('Batch-norm epsilon', "Added to the variance; 0 takes the architecture's.", advanced)),
  ghostBatch: z
    .int()
    .min(0)
    .max(65_536)
    .default(0)
    .meta(
      meta('Ghost batch', 'Pictures that are normalised together, as on one GPU of the paper; 0 takes the batch.', {
        unit: 'pictures',
        step: { times: 2 },
        ...advanced,
      }),
    ),
  freeze: z
    .enum(['none', 'statistics', 'all'])
    .default('none')
    .meta(
      meta(
        'Frozen batch norm',
        'Train with the running statistics as they are; all leaves scale and offset as they are too.',
        advanced,
      ),
    ),
  reestimate: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta(
      meta(
        'Statistics from batches',
        'Before the final figure, running statistics become the average over so many training batches; 0 is off.',
        { unit: 'batches', ...advanced },
      ),
    ),
})
