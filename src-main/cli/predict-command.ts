// `reprise predict`: what an architecture with given weights says of pictures.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { resourcesFolder } from '../launch/resources.ts'
import { RepriseError } from '../shared/errors.ts'
import { models } from '../shared/registry/models.ts'
import type { PositionResize } from '../shared/registry/position-resize.ts'
import type { PredictAnswer, PredictTask } from '../shared/worker-protocol.ts'
import { runEngineWorker } from './engine-worker.ts'
import { knownModel } from './models-command.ts'
import { percent } from './number-words.ts'
import type { Output } from './output.ts'

const shown = 5

/** Prints the top five of each picture, with --json also all logits. Throws `picture-broken` when one could not be read. */
export async function predictPictures(
  options: { arch?: string; weights: string; images: string[]; size?: number; positionResize?: PositionResize },
  output: Output,
): Promise<void> {
  let arch = options.arch === undefined ? undefined : knownModel(options.arch)
  let labels: string[] | null = null
  const broken: string[] = []
  const task: PredictTask = {
    type: 'predict',
    ...(arch === undefined ? {} : { arch }),
    weights: resolve(options.weights),
    ...(options.size === undefined ? {} : { size: options.size }),
    ...(options.positionResize === undefined ? {} : { positionResize: options.positionResize }),
    images: options.images.map((path) => resolve(path)),
    top: shown,
  }
  await runEngineWorker<PredictTask, PredictAnswer>('predict.ts', task, (answer) => {
    if (answer.type === 'weights') {
      arch = answer.arch
      labels = labelsOf(models[arch].classes)
      output.event(answer, () => [`Pictures: ${answer.preprocessing}.`, ...answer.notes].join('\n'))
    } else if (answer.type === 'broken-picture') {
      broken.push(answer.image)
      output.event(answer, () => `${answer.image}\n  cannot be read: ${answer.reason}`)
    } else {
      const top = answer.top.map((ranked) => ({ ...ranked, label: labels?.[ranked.index] ?? String(ranked.index) }))
      output.event({ ...answer, top }, () =>
        [answer.image, ...top.map(({ label, probability }) => `  ${percent(probability).padStart(8)}  ${label}`)].join(
          '\n',
        ),
      )
    }
  })
  output.event({ type: 'result', arch, pictures: options.images.length - broken.length, broken })
  if (broken.length === 0) return
  throw new RepriseError({
    code: 'picture-broken',
    message: `${broken.length} of ${options.images.length} pictures could not be read.`,
    found: broken.join(', '),
    fix: 'Leave them out, or save them again as JPEG or PNG.',
  })
}

/** ImageNet's names for networks of its 1000 classes. */
function labelsOf(classes: number): string[] | null {
  if (classes !== 1000) return null
  const file = join(resourcesFolder(), 'labels', 'imagenet-1k.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { labels: string[] }).labels
}
