// A check for tests. The id of the data set decides: "wait-..." goes on until it is stopped, "crash-..." dies, "refuse-..." fails;
// any other is found to have one problem, which is kept in its index where there is one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { indexFile, openPictureIndex } from '../../picture-index/open-index.ts'
import type { Finding, HealthReport } from '../../shared/dataset-views.ts'
import type { ExamineDataJob, ExaminerToHost, HostToExaminer } from '../../shared/worker-protocol.ts'

function send(message: ExaminerToHost): void {
  process.send?.(message)
}

const unreadable: Finding = {
  kind: 'unreadable',
  severity: 'problem',
  count: 1,
  excluded: 0,
  values: {},
  listed: true,
  excludable: true,
}

export const scriptedReport: HealthReport = {
  checkedAt: 1,
  seconds: 1,
  pictures: 2,
  findings: [unreadable],
  sizes: { edges: [0, 1], counts: [2] },
  aspects: { edges: [0, 1], counts: [2] },
  mean: [0.5],
  std: [0.5],
}

function examine({ datasetId, datasetsDir }: ExamineDataJob): void {
  send({ type: 'progress', text: 'reading', done: 1, total: 2 })
  if (datasetId.startsWith('wait-')) return
  if (datasetId.startsWith('crash-')) {
    process.stderr.write('Segmentation fault\n')
    process.kill(process.pid, 'SIGKILL')
    return
  }
  if (datasetId.startsWith('refuse-')) {
    send({ type: 'failed', error: { code: 'data-missing', message: 'The folder is gone.' } })
    process.disconnect()
    return
  }
  const file = join(datasetsDir, datasetId, indexFile)
  if (existsSync(file)) {
    const index = openPictureIndex(file, { readonly: false })
    index.setFinding(unreadable, [{ picture: 0, twin: null, score: null }])
    const { findings: _, ...rest } = scriptedReport
    index.setNote('health', rest)
    index.close()
  }
  send({ type: 'examined', report: scriptedReport })
  process.disconnect()
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: HostToExaminer) => {
  if (message.type === 'job') return examine(message.job)
  send({ type: 'failed', error: { code: 'cancelled', message: 'Stopped.' } })
  process.disconnect()
})
