// What a button that mends a line of "Before the start" says, and what the mend means.
import type { PreflightFix } from '../../../src-main/shared/api.ts'
import type { newRun } from '../../i18n/en/new-run.ts'
import type { Numbers } from '../../i18n/numbers.ts'

type FixKey = keyof (typeof newRun)['fix']

export interface FixWords {
  label: FixKey
  /** What it costs or changes. */
  hint: FixKey
  values: Record<string, string | number>
}

const number = (value: unknown) => Number(value ?? 0)

/** Words of one mend; the memory that it is predicted to need stands in its hint where it is known. */
export function fixWords({ id, changes, values }: PreflightFix, numbers: Numbers): FixWords {
  const bytes = { memory: numbers.bytes(number(values.bytes)) }
  switch (id) {
    case 'accumulate':
      return {
        label: 'accumulate',
        hint: number(values.batchNormPictures) > 0 ? 'accumulateNormHint' : 'accumulateHint',
        values: {
          ...bytes,
          batch: number(changes['train.batchSize']),
          times: number(changes['train.accumulate']),
          norm: number(values.batchNormPictures),
        },
      }
    case 'evaluation':
      return {
        label: 'evaluation',
        hint: 'evaluationHint',
        values: { ...bytes, batch: number(changes['evaluation.batchSize']) },
      }
    case 'checkpointing':
      return { label: 'checkpointing', hint: 'checkpointingHint', values: bytes }
    case 'precision':
      return {
        label: 'precision',
        hint: 'precisionHint',
        values: { ...bytes, precision: String(changes['compute.precision'] ?? '') },
      }
    case 'fewer-seeds':
      return {
        label: 'fewerSeeds',
        hint: 'fewerSeedsHint',
        values: { count: number(changes['seeds.count']), size: bytes.memory },
      }
    case 'keep-fewer':
      return { label: 'keepFewer', hint: 'keepFewerHint', values: { size: bytes.memory } }
    case 'judge-on-val':
      return { label: 'judgeOnVal', hint: 'judgeOnValHint', values: {} }
  }
}
