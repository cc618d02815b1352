// Resume certificates of networks that between them hold every kind of state: momentum, moments, averages, statistics, draws.
import { readFileSync } from 'node:fs'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../../src-main/engine/tensorflow/library/worker-environment.ts'
import { forkWorker } from '../../src-main/launch/worker-process.ts'
import { type ErrorReport, fromErrorReport } from '../../src-main/shared/errors.ts'
import { configFromRecipe, parseRecipe } from '../../src-main/shared/recipe.ts'
import type { ProveResumeAnswer, ProveResumeTask, ResumeCertificate } from '../../src-main/shared/resume-certificate.ts'

const few = { 'data.dataset': 'cifar10', 'data.limitTrain': 2048, 'data.limitTest': 512, 'compute.device': 'cpu' }

/** What is proved: a recipe, with its settings for few pictures of CIFAR-10. */
export const certified: { name: string; recipeId: string; changes: Record<string, unknown> }[] = [
  { name: 'ResNet-20, SGD', recipeId: 'cifar10-resnet20', changes: few },
  {
    name: 'DeiT-Ti, AdamW, weight average, mixup and cutmix, dropout, drop path, RandAugment',
    recipeId: 'imagenet-deit-tiny',
    changes: {
      ...few,
      'compute.precision': 'fp32',
      'input.size': 32,
      'evaluation.size': 32,
      'evaluation.resize': 32,
      'train.batchSize': 64,
      'train.accumulate': 1,
      'train.ema': 'timm',
      'train.emaDecay': 0.99,
      'augment.repeats': 1,
      'model.dropout': 0.1,
    },
  },
]

/** Proves one of them on prepared data in `datasetsDir`. Throws what the proof reports. */
export async function certify(
  { recipeId, changes }: { recipeId: string; changes: Record<string, unknown> },
  datasetsDir: string,
  workDir: string,
): Promise<ResumeCertificate> {
  const file = new URL(`../../resources/recipes/${recipeId}.json`, import.meta.url)
  const config = configFromRecipe(parseRecipe(readFileSync(file, 'utf8'), `${recipeId}.json`), changes)
  const library = await findLibtensorflow()
  const found: { certificate?: ResumeCertificate; error?: ErrorReport } = {}
  const worker = forkWorker<ProveResumeTask, ProveResumeAnswer | { type: 'failed'; error: ErrorReport }>({
    entry: new URL('../../src-main/worker/prove-resume.ts', import.meta.url).pathname,
    env: workerEnvironment(library),
    onLine: () => {},
    onMessage: (message) => {
      if (message.type === 'certificate') found.certificate = message.certificate
      else if (message.type === 'failed') found.error = message.error
    },
  })
  worker.send({
    type: 'prove-resume',
    subject: recipeId,
    config,
    changes,
    datasetsDir,
    libtensorflowDir: library.folder,
    workDir,
  })
  const { code, signal } = await worker.ended
  if (found.certificate) return found.certificate
  if (found.error) throw fromErrorReport(found.error)
  throw new Error(`The proof of ${recipeId} ended with code ${code}, signal ${signal}.`)
}
