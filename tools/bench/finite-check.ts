// node tools/bench/finite-check.ts [--json FILE]: processor time of the check that a training step makes of loss, gradients and running
// statistics, alone, on tensors of a network's shapes.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { modelBuilders } from '../../src-main/engine/nn/model-builders.ts'
import { startTensorFlow } from '../../src-main/engine/tensorflow/backend.ts'
import { type CompiledFunction, compileFunction } from '../../src-main/engine/tensorflow/compiled-function.ts'
import { findLibtensorflow } from '../../src-main/engine/tensorflow/library/find-libtensorflow.ts'
import type { TensorFlowRuntime } from '../../src-main/engine/tensorflow/runtime.ts'
import { readVariable } from '../../src-main/engine/tensorflow/variables.ts'
import { finiteChecks } from '../../src-main/engine/train/finite-check.ts'
import { appVersion } from '../../src-main/launch/resources.ts'
import { models } from '../../src-main/shared/registry/models.ts'
import { thisHardware } from './hardware.ts'
import { measureBusyShare } from './machine-load.ts'
import { median } from './run-group.ts'

const nets = ['resnet20-cifar', 'resnet50', 'vit-tiny-patch16', 'vit-small-patch16'] as const
const rounds = 15
const callsPerRound = 20

function measure(runtime: TensorFlowRuntime, net: (typeof nets)[number]) {
  const network = modelBuilders[net](models[net].classes, 1, { initialise: false })
  const { all } = network.parameters
  const compile = (isChecked: boolean) =>
    compileFunction('finite_check', [], () => {
      const gradients = all.filter(({ trainable }) => trainable).map(({ variable }) => readVariable(variable))
      const statistics = all.filter(({ role }) => role === 'buffer').map(({ variable }) => readVariable(variable))
      const loss = tf.sum(gradients[0] as tf.Tensor)
      if (!isChecked) return [loss]
      return [loss, ...finiteChecks({ loss, gradients, statistics })]
    })
  const milliseconds = (compiled: CompiledFunction) => {
    const before = process.cpuUsage()
    for (let i = 0; i < callsPerRound; i++) for (const { id } of compiled.run([])) runtime.deleteTensor(id)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000 / callsPerRound
  }
  const [without, checked] = [compile(false), compile(true)]
  for (const compiled of [without, checked]) milliseconds(compiled)
  const taken = Array.from({ length: rounds }, () => [milliseconds(without), milliseconds(checked)] as const)
  const summary = (values: number[]) => ({ minimum: Math.min(...values), median: median(values) })
  const result = {
    net,
    parameters: network.parameters.trainableCount,
    tensors: all.length,
    withoutMilliseconds: summary(taken.map(([time]) => time)),
    checkedMilliseconds: summary(taken.map(([, time]) => time)),
  }
  for (const compiled of [without, checked]) compiled.dispose()
  network.parameters.dispose()
  return result
}

const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
const otherLoad = await measureBusyShare()
const runtime = await startTensorFlow((await findLibtensorflow()).folder)
const results = nets.map((net) => measure(runtime, net))
for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`)
if (options.json !== undefined) {
  const record = {
    date: new Date().toISOString(),
    hardware: thisHardware(),
    versions: { reprise: appVersion(), node: process.versions.node, tensorflow: runtime.version },
    otherLoad,
    rounds,
    callsPerRound,
    results,
  }
  writeFileSync(resolve(options.json), `${JSON.stringify(record, null, 2)}\n`)
}
// TensorFlow's threads must not outlive the library at a normal end.
process.exit(0)
