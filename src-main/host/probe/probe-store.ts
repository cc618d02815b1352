// Probes that were made on this machine, each by what its figures depend on.
import { createHash } from 'node:crypto'
import type { ProbeResult } from '../../shared/probe.ts'
import type { RunConfig } from '../../shared/run-config.ts'
import type { ProbesTable } from '../db/probes-table.ts'

export interface ProbeStore {
  /** The newest probe of this config on this data, or null. */
  find(config: RunConfig): ProbeResult | null
  keep(config: RunConfig, result: ProbeResult): void
}

export interface ProbeStoreParts {
  probes: ProbesTable
  /** Null before the data set is ready. */
  fingerprint(datasetId: string): string | null
  machine: { cpu: string; cores: number }
}

export function createProbeStore({ probes, fingerprint, machine }: ProbeStoreParts): ProbeStore {
  /** The number of seeds multiplies the figures, and what is saved beside the state changes none. */
  const keyOf = ({ seeds: _seeds, saving: _saving, ...config }: RunConfig) =>
    createHash('sha256')
      .update(JSON.stringify([config, fingerprint(config.data.dataset), machine.cpu, machine.cores]))
      .digest('hex')
  return {
    find: (config) => {
      const found = probes.get(keyOf(config))
      return found && { ...found, allSeconds: found.seedSeconds * config.seeds.count }
    },
    keep: (config, result) => probes.put(keyOf(config), result),
  }
}
