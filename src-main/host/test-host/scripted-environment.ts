// What scripted workers and provers say that they run on.
import type { EnvironmentSummary } from '../../shared/worker-protocol.ts'

export const scriptedEnvironment: EnvironmentSummary = {
  device: 'CPU',
  cpu: 'scripted',
  cores: 2,
  precision: 'fp32',
  tensorflow: '2.21.0',
  node: process.versions.node,
  reprise: '0.1.0',
  platform: process.platform,
}
