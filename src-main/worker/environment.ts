// What a run was computed with, kept with it.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { DeviceInfo, TensorFlowRuntime } from '../engine/tensorflow/runtime.ts'
import type { EnvironmentSummary } from '../shared/worker-protocol.ts'

export function environmentOf(runtime: TensorFlowRuntime, device: DeviceInfo, precision: string): EnvironmentSummary {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return {
    device: device.type,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    precision,
    tensorflow: runtime.version,
    node: process.versions.node,
    reprise: (JSON.parse(manifest) as { version: string }).version,
    platform: `${process.platform} ${process.arch}`,
  }
}
