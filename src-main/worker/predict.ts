// The process that runs an architecture with given weights on pictures: takes one task, answers picture by picture, and ends.
import { basename } from 'node:path'
import { brokenReason, decodeRgb } from '../engine/data/decode-picture.ts'
import {
  applyEvaluationTransform,
  describeEvaluationTransform,
} from '../engine/data/transforms/evaluation-transform.ts'
import { compilePredictor, topClasses } from '../engine/evaluate/predictions.ts'
import { referenceTransform } from '../engine/evaluate/reference-transform.ts'
import type { NamedWeights } from '../engine/formats/torch-checkpoint.ts'
import { modelBuilders } from '../engine/nn/model-builders.ts'
import { startTensorFlow } from '../engine/tensorflow/backend.ts'
import { type LoadedNetwork, loadKerasNetwork } from '../engine/weights/load-keras-network.ts'
import { loadWeights } from '../engine/weights/load-weights.ts'
import { readWeightFile } from '../engine/weights/read-weight-file.ts'
import { RepriseError } from '../shared/errors.ts'
import { type ModelName, models } from '../shared/registry/models.ts'
import type { PredictAnswer, PredictTask } from '../shared/worker-protocol.ts'
import { answerOneTask } from './one-task.ts'

answerOneTask<PredictTask, PredictAnswer>(async (task, report) => {
  const { weights, images, top } = task
  if (task.arch) refuseUnfit(task.arch, task)
  const file = await readWeightFile(weights)
  const runtime = await startTensorFlow(process.env.REPRISE_LIBTENSORFLOW ?? '')
  const loaded =
    file.framework === 'keras'
      ? loadKerasNetwork(file, basename(weights), { arch: task.arch })
      : loadTorchNetwork(file, task)
  const { arch, network, transform, size, notes } = loaded
  if (!task.arch) refuseUnfit(arch, task)
  await report({ type: 'weights', arch, preprocessing: describeEvaluationTransform(transform), notes })
  const predictor = compilePredictor(runtime, network, [size, size, models[arch].input[2]])
  for (const image of images) {
    const picture = await decodeRgb(image).catch((error: unknown) => brokenReason(error, image))
    if (typeof picture === 'string') {
      await report({ type: 'broken-picture', image, reason: picture })
      continue
    }
    const logits = await predictor.logits(applyEvaluationTransform(picture, transform))
    await report({ type: 'prediction', image, top: topClasses(logits, top), logits: [...logits] })
  }
})

function loadTorchNetwork({ tensors, notes }: NamedWeights, { arch, weights, ...task }: PredictTask): LoadedNetwork {
  if (!arch) {
    throw new RepriseError({
      code: 'usage',
      message: `${basename(weights)} does not say which architecture its weights are for.`,
      expected: '--arch with the name of an architecture',
      found: 'none',
      fix: 'Name it, see "reprise models list".',
    })
  }
  const { classes, input } = models[arch]
  const size = task.size ?? input[0]
  const transform = referenceTransform(arch, size)
  const positions = task.positionResize ? { positionResize: task.positionResize } : {}
  const network = modelBuilders[arch](classes, 1, { initialise: false, resolution: size, ...positions })
  return { arch, network, transform, size, notes: [...notes, ...loadWeights(network, tensors, weights)] }
}

/** What can be told before any file is read. */
function refuseUnfit(arch: ModelName, { size, positionResize }: PredictTask): void {
  referenceTransform(arch)
  const { family, label } = models[arch]
  if (family === 'vit' || (size === undefined && positionResize === undefined)) return
  throw new RepriseError({
    code: 'usage',
    message: `${label} has no position embeddings to take to another size.`,
    expected: 'a vision transformer',
    found: arch,
    fix: 'Leave out --size and --position-resize.',
  })
}
