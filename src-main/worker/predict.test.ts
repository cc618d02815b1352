// Decode, resize, crop and network together against Pillow, torchvision and PyTorch, in the real process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { patternParameter } from '../../tools/oracle/pattern.ts'
import { predictionOracle } from '../../tools/oracle/read-values.ts'
import { vitResolutions } from '../../tools/oracle/read-vit.ts'
import { writeSafetensors } from '../engine/formats/safetensors.ts'
import { modelBuilders } from '../engine/nn/model-builders.ts'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { workerEnvironment } from '../engine/tensorflow/library/worker-environment.ts'
import { relativeError, startForTests } from '../engine/tensorflow/start-for-tests.ts'
import { toTorchLayout } from '../engine/train/torch-layout.ts'
import { forkWorker } from '../launch/worker-process.ts'
import type { ErrorReport } from '../shared/errors.ts'
import type { ModelName } from '../shared/registry/models.ts'
import type { PredictAnswer, PredictTask } from '../shared/worker-protocol.ts'

const oracle = predictionOracle()
const picture = (name: string) => fileURLToPath(new URL(`../../tools/oracle/values/pictures/${name}`, import.meta.url))

/** A file of weights by formula for a network of its own size. */
async function weightsByFormula(folder: string, arch: ModelName): Promise<string> {
  await startForTests()
  const network = modelBuilders[arch](1000, 1, { initialise: false })
  const tensors = network.parameters.all.map(({ name, role, variable }, i) => {
    const { shape } = toTorchLayout(new Float32Array(variable.size), variable.shape, role)
    return { name, dtype: 'F32' as const, shape, data: patternParameter(i, name, shape) }
  })
  network.parameters.dispose()
  const path = join(folder, `${arch}.safetensors`)
  writeFileSync(path, writeSafetensors(tensors, {}))
  return path
}

async function predict(task: PredictTask) {
  const messages: (PredictAnswer | { type: 'failed'; error: ErrorReport })[] = []
  const worker = forkWorker<PredictTask, (typeof messages)[number]>({
    entry: join(import.meta.dirname, 'predict.ts'),
    env: workerEnvironment(await findLibtensorflow()),
    onMessage: (message) => void messages.push(message),
    onLine: () => {},
  })
  worker.send(task)
  return { exit: await worker.ended, messages }
}

test('logits and top five are those of the reference; a broken picture is named and the others go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-predict-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const weights = await weightsByFormula(folder, oracle.arch)
  const broken = join(folder, 'broken.jpg')
  writeFileSync(broken, 'no picture')
  const images = [broken, ...oracle.cases.map((c) => picture(c.picture))]
  const { exit, messages } = await predict({ type: 'predict', arch: oracle.arch, weights, images, top: 5 })
  expect(exit.code).toBe(0)
  const [about, first, ...predictions] = messages
  expect(about).toMatchObject({ type: 'weights', notes: [], preprocessing: expect.stringContaining('bilinear') })
  expect(first).toMatchObject({ type: 'broken-picture', image: broken })
  expect(predictions).toHaveLength(oracle.cases.length)
  for (const [i, { top, logits }] of oracle.cases.entries()) {
    const found = predictions[i] as PredictAnswer & { type: 'prediction' }
    expect(found.top.map(({ index }) => index)).toEqual(top)
    expect(relativeError(found.logits, logits)).toBeLessThan(1e-4)
  }
})

test('a vision transformer takes another size: picture, positions and logits are those of the reference', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-predict-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { arch, size, picture: file, top, logits } = vitResolutions().prediction
  const weights = await weightsByFormula(folder, arch)
  const { exit, messages } = await predict({ type: 'predict', arch, weights, size, images: [picture(file)], top: 5 })
  expect(exit.code).toBe(0)
  expect(messages[0]).toMatchObject({
    preprocessing: expect.stringContaining('shorter side to 71 (bicubic), middle 64 x 64'),
    notes: ['The position embeddings of 14 x 14 patches were resampled (bicubic with antialias, as timm) for 4 x 4.'],
  })
  const found = messages[1] as PredictAnswer & { type: 'prediction' }
  expect(found.top.map(({ index }) => index)).toEqual(top)
  expect(relativeError(found.logits, logits)).toBeLessThan(1e-4)
})

test('weights of another network end the task with what is missing', async () => {
  const weights = fileURLToPath(new URL('../../tools/oracle/values/weights/network-zip.pth', import.meta.url))
  const { exit, messages } = await predict({ type: 'predict', arch: 'squeezenet1-1', weights, images: [], top: 5 })
  expect(exit.code).toBe(1)
  expect(messages).toHaveLength(1)
  expect(messages[0]).toMatchObject({ type: 'failed', error: { code: 'data-format' } })
})

test('weights of PyTorch do not say what they are for', async () => {
  const weights = fileURLToPath(new URL('../../tools/oracle/values/weights/network-zip.pth', import.meta.url))
  const { exit, messages } = await predict({ type: 'predict', weights, images: [], top: 5 })
  expect(exit.code).toBe(1)
  expect(messages).toMatchObject([{ type: 'failed', error: { code: 'usage', found: 'none' } }])
})
