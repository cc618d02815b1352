// What the network sees: the section input of a run config.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'

export const input = z.strictObject({
  size: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .meta(meta('Input size', "Side of the training input; 0 takes the architecture's own.", { unit: 'px' })),
  growFrom: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .meta(
      meta('Grow from', 'Side of the training input in the first epochs; 0 keeps one size.', {
        unit: 'px',
        ...advanced,
      }),
    ),
  growStart: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('Growth starts', 'Share of the training after which the input begins to grow.', advanced)),
  growEnd: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .meta(meta('Growth ends', 'Share of the training after which the input has its full size.', advanced)),
  normalization: z
    .enum(['channel', 'pixel-mean', 'lenet', 'unit'])
    .default('channel')
    .meta(meta('Normalisation', "Channel mean and std; per-pixel mean only; LeNet's -0.1 to 1.175; or 0 to 1.")),
  mean: z
    .array(z.number())
    .max(4)
    .default([])
    .meta(meta('Channel mean', "On 0 to 1 pixels; empty takes the data set's.", advanced)),
  std: z
    .array(z.number().positive())
    .max(4)
    .default([])
    .meta(meta('Channel std', "On 0 to 1 pixels; empty takes the data set's.", advanced)),
})
