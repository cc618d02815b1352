// The process that takes a few real steps of a run before it starts: takes one task, tells how far it is, answers, and ends.
// Killing it cancels it; it writes nothing.
import { loadDataset } from '../engine/data/load-dataset.ts'
import { startTensorFlow } from '../engine/tensorflow/backend.ts'
import { needsFeed } from '../engine/train/picture-feed.ts'
import { probeTraining } from '../engine/train/probe-training.ts'
import type { ProbeAnswer, ProbeTask } from '../shared/probe.ts'
import { chooseDevice, requirePrecision } from './device.ts'
import { answerOneTask } from './one-task.ts'
import { deviceBytes, peakResidentBytes } from './peak-memory.ts'
import { partReader } from './picture-parts.ts'

const tellEveryMs = 200

answerOneTask<ProbeTask, ProbeAnswer>(async (task, report) => {
  const { config, datasetsDir } = task
  let told = Number.NEGATIVE_INFINITY
  let phaseTold = ''
  const tell = (phase: Extract<ProbeAnswer, { type: 'progress' }>['phase'], done: number, total: number) => {
    if (phase === phaseTold && performance.now() - told < tellEveryMs) return
    phaseTold = phase
    told = performance.now()
    void report({ type: 'progress', phase, done, total })
  }
  tell('libraries', 0, 0)
  chooseDevice(config.compute.device)
  const runtime = await startTensorFlow(task.libtensorflowDir, {
    intraThreads: config.compute.threads,
    gpu: { allowGrowth: true },
  })
  const device = requirePrecision(runtime.devices(), config.compute)
  tell('data', 0, 0)
  const { dataset: id, ...used } = config.data
  const shared = (shape: Parameters<typeof needsFeed>[1]) => needsFeed(config, shape)
  // Pictures in files are read from them: decoding all of them first would take longer than the probe may.
  const dataset = await loadDataset(id, { ...used, datasetsDir, readParts: partReader(datasetsDir), shared })
  const { predictedBytes, ...probe } = await probeTraining(runtime, dataset, config, task, { phase: tell })
  const onDevice = device.type === 'GPU' ? await deviceBytes() : null
  await report({
    type: 'probed',
    result: {
      ...probe,
      at: Date.now(),
      device: device.type,
      precision: config.compute.precision,
      allSeconds: probe.seedSeconds * config.seeds.count,
      memory: { predictedBytes, measuredBytes: onDevice ?? peakResidentBytes() },
      disturbed: false,
    },
  })
})
