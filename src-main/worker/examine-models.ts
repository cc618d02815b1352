// The process that builds networks to count them: takes one task, reports each network, and ends.
import { networkCost } from '../engine/nn/network-cost.ts'
import { startTensorFlow } from '../engine/tensorflow/backend.ts'
import type { ExamineModelsTask, ModelExamination } from '../shared/worker-protocol.ts'
import { answerOneTask } from './one-task.ts'

answerOneTask<ExamineModelsTask, ModelExamination>(async ({ names }, report) => {
  await startTensorFlow(process.env.REPRISE_LIBTENSORFLOW ?? '')
  for (const name of names) await report({ type: 'examined', name, ...networkCost(name) })
})
