// The process that runs an architecture with given weights on pictures: takes one task, answers picture by picture, and ends.
import { brokenReason, decodeRgb } from '../engine/data/decode-picture.ts'
import {
  applyEvaluationTransform,
  describeEvaluationTransform,
} from '../engine/data/transforms/evaluation-transform.ts'
import { compilePredictor, topClasses } from '../engine/evaluate/predictions.ts'
import { referenceTransform } from '../engine/evaluate/reference-transform.ts'
import { modelBuilders } from '../engine/nn/model-builders.ts'
import { startTensorFlow } from '../engine/tensorflow/backend.ts'
import { loadWeights } from '../engine/weights/load-weights.ts'
import { readWeightFile } from '../engine/weights/read-weight-file.ts'
import { models } from '../shared/registry/models.ts'
import type { PredictAnswer, PredictTask } from '../shared/worker-protocol.ts'
import { answerOneTask } from './one-task.ts'

answerOneTask<PredictTask, PredictAnswer>(async ({ arch, weights, images, top }, report) => {
  const transform = referenceTransform(arch)
  const runtime = await startTensorFlow(process.env.REPRISE_LIBTENSORFLOW ?? '')
  const { classes, input } = models[arch]
  const network = modelBuilders[arch](classes, 1, { initialise: false })
  const { tensors, notes } = await readWeightFile(weights)
  notes.push(...loadWeights(network, tensors, weights))
  await report({ type: 'weights', preprocessing: describeEvaluationTransform(transform), notes })
  const predictor = compilePredictor(runtime, network, input)
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
