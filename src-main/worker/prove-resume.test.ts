// The proof as a process, with the real worker below it, on 640 pictures of the shipped sample.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../engine/tensorflow/library/worker-environment.ts'
import { forkWorker } from '../launch/worker-process.ts'
import { jobIn, recordingOptions } from '../preparation/preparation-for-tests.ts'
import { prepareDataset } from '../preparation/prepare-dataset.ts'
import type { ErrorReport } from '../shared/errors.ts'
import { configFromRecipe, parseRecipe } from '../shared/recipe.ts'
import type { ProveResumeAnswer, ProveResumeTask } from '../shared/resume-certificate.ts'

type Answer = ProveResumeAnswer | { type: 'failed'; error: ErrorReport }

const recipeFile = new URL('../../resources/recipes/mnist-lenet5.json', import.meta.url)
const recipe = parseRecipe(readFileSync(recipeFile, 'utf8'), 'mnist-lenet5.json')
const changes = {
  'data.dataset': 'fashion-mnist-sample',
  'data.limitTrain': 640,
  'data.limitTest': 200,
  'train.batchSize': 64,
}

async function prove(
  folder: string,
  more: Record<string, unknown>,
  onAnswer: (answer: Answer, cancel: () => void) => void,
) {
  const library = await findLibtensorflow()
  const workDir = join(folder, 'proof')
  const worker = forkWorker<ProveResumeTask | { type: 'cancel' }, Answer>({
    entry: join(import.meta.dirname, 'prove-resume.ts'),
    env: workerEnvironment(library),
    onLine: () => {},
    onMessage: (answer) => onAnswer(answer, () => worker.send({ type: 'cancel' })),
  })
  worker.send({
    type: 'prove-resume',
    subject: recipe.id,
    config: configFromRecipe(recipe, { ...changes, ...more }),
    changes,
    datasetsDir: join(folder, 'datasets'),
    libtensorflowDir: library.folder,
    workDir,
  })
  const { code } = await worker.ended
  return { code, isClean: !existsSync(workDir) }
}

test('a training broken off twice is proved equal, and a cancelled proof leaves nothing', {
  timeout: 180_000,
}, async () => {
  const folder = temporaryFolder()
  await prepareDataset(jobIn(folder, { datasetId: 'fashion-mnist-sample' }), recordingOptions(folder))

  const answers: Answer[] = []
  expect(await prove(folder, {}, (answer) => answers.push(answer))).toEqual({ code: 0, isClean: true })
  const parts = answers.flatMap((answer) => (answer.type === 'progress' ? [answer.part] : []))
  expect([...new Set(parts)]).toEqual(['straight', 'paused', 'comparing'])
  const last = answers.at(-1)
  const certificate = last?.type === 'certificate' ? last.certificate : null
  expect(certificate).toMatchObject({
    subject: 'mnist-lenet5',
    equal: true,
    epochs: 2,
    steps: 20,
    reports: 22,
    maxDifference: 0,
    firstDifference: null,
    changes: { ...changes, 'train.length': 2 },
    environment: { device: 'CPU', precision: 'fp32' },
  })
  expect(certificate?.pausedAt).toEqual([10, 13])

  let folders: string[] = []
  const cancelled = await prove(folder, {}, (answer, cancel) => {
    if (answer.type !== 'progress' || folders.length > 0) return
    folders = readdirSync(join(folder, 'proof'))
    cancel()
  })
  expect(folders).toEqual(['straight'])
  expect(cancelled).toEqual({ code: 1, isClean: true })

  const refused: Answer[] = []
  await prove(folder, { 'data.limitTrain': 0, 'data.dataset': 'mnist' }, (answer) => refused.push(answer))
  expect(refused).toMatchObject([{ type: 'failed', error: { code: 'data-missing' } }])
})
