// `reprise models`: the architectures with their published figures, and a check of ours against them.
import { RepriseError } from '../shared/errors.ts'
import { type ModelName, modelNames, models } from '../shared/registry/models.ts'
import type { ExamineModelsTask, ModelExamination } from '../shared/worker-protocol.ts'
import { runEngineWorker } from './engine-worker.ts'
import { count } from './number-words.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'

export function listModels(output: Output): void {
  const rows = modelNames.map((name) => {
    const { label, paper, url, input, parameters, macsMillions, classes } = models[name]
    return { name, label, paper, url, input, classes, params: parameters, macs: Math.round(macsMillions * 1e6) }
  })
  output.result(rows, () =>
    table(
      ['MODEL', 'PARAMETERS', 'MULTIPLY-ADDS', 'INPUT', 'PAPER'],
      rows.map(({ name, params, macs, input, paper }) => [
        name,
        count(params),
        millions(macs),
        input.join(' x '),
        paper,
      ]),
    ),
  )
}

/** Builds every named network (all without names) and compares its counts with the record. Throws `internal` on a difference. */
export async function checkModels(names: readonly string[], output: Output): Promise<void> {
  const found: (ModelExamination & { equal: boolean })[] = []
  const task: ExamineModelsTask = {
    type: 'examine-models',
    names: names.length > 0 ? names.map(knownModel) : modelNames,
  }
  await runEngineWorker<ExamineModelsTask, ModelExamination>('examine-models.ts', task, (examined) => {
    const { parameters, macsMillions } = models[examined.name]
    const equal = examined.params === parameters && sameMacs(examined.macs, macsMillions)
    found.push({ ...examined, equal })
    output.note(`${equal ? 'equal ' : 'DIFFERS'}  ${examined.name}`)
  })
  const unequal = found.filter(({ equal }) => !equal)
  output.result({ type: 'models-check', equal: unequal.length === 0, models: found.map(withPublished) }, () =>
    table(
      ['MODEL', 'PARAMETERS', 'PUBLISHED', 'MULTIPLY-ADDS', 'PUBLISHED', ''],
      found.map(({ name, params, macs, equal }) => [
        name,
        count(params),
        count(models[name].parameters),
        millions(macs),
        millions(models[name].macsMillions * 1e6),
        equal ? 'equal' : 'DIFFERS',
      ]),
    ),
  )
  if (unequal.length === 0) return
  throw new RepriseError({
    code: 'internal',
    message: `${unequal.length} of ${found.length} networks differ from their published counts.`,
    found: unequal.map(({ name }) => name).join(', '),
    fix: 'Report it with the output of this command: runs of these networks do not reproduce their paper.',
  })
}

function withPublished(examined: ModelExamination & { equal: boolean }) {
  const { parameters, macsMillions } = models[examined.name]
  return { ...examined, publishedParams: parameters, publishedMacs: Math.round(macsMillions * 1e6) }
}

/** Published counts are rounded: ours must round to the same figure. */
function sameMacs(macs: number, publishedMillions: number): boolean {
  const digits = String(publishedMillions).split('.')[1]?.length ?? 0
  return Number((macs / 1e6).toFixed(digits)) === publishedMillions
}

/** A name of the registry. Throws `usage`, naming the nearest. */
export function knownModel(name: string): ModelName {
  if (Object.hasOwn(models, name)) return name as ModelName
  const near = modelNames.filter((other) => other.includes(name) || name.includes(other))
  throw new RepriseError({
    code: 'usage',
    message: `There is no model "${name}".`,
    expected: near.length > 0 ? `one of ${near.join(', ')}` : 'a name from "reprise models list"',
    found: name,
    fix: 'Run "reprise models list" to see them all.',
  })
}

const millions = (macs: number) => `${(macs / 1e6).toLocaleString('en', { maximumFractionDigits: 2 })} M`
