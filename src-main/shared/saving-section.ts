// What a run keeps while it trains: the section saving of its config. Nothing here changes a figure.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'

export const saving = z.strictObject({
  seconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(20)
    .meta(
      meta(
        'Save the state every',
        'Shortest time between two saved states; longer where saving would take more than 1 % of the time. 0 saves after each step.',
        { unit: 'seconds', ...advanced },
      ),
    ),
  every: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta(
      meta(
        'Keep a checkpoint every',
        'Epochs between checkpoints that are kept beside the last and the best; 0 is off.',
        {
          unit: 'epochs',
          ...advanced,
        },
      ),
    ),
  keep: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta(meta('Of those keep', 'The newest so many of each seed; 0 keeps all.', { unit: 'checkpoints', ...advanced })),
  gigabytes: z
    .number()
    .min(0)
    .max(100_000)
    .default(0)
    .meta(
      meta('Checkpoints at most', 'The oldest of those kept by epoch make room; 0 sets no limit.', {
        unit: 'GB',
        ...advanced,
      }),
    ),
})
