// The process that changes which pictures of one data set are used: takes one job, answers, and ends. An expression of the user's
// that takes forever holds up nobody else.
import { summaryOf } from '../engine/data/dataset-manifest.ts'
import { changeDataset } from '../preparation/dataset-changes.ts'
import type { ChangeDataJob, ChangerToHost } from '../shared/worker-protocol.ts'
import { answerOneTask } from './one-task.ts'

answerOneTask<{ type: 'job'; job: ChangeDataJob }, ChangerToHost>(async ({ job }, report) => {
  const manifest = await changeDataset(job.datasetsDir, job.datasetId, job.change)
  await report({ type: 'changed', data: summaryOf(manifest) })
})
