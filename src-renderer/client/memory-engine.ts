// A small engine state for tests: one machine, no runs.
import type { MachineInfo, RunSummary, Settings } from '../../src-main/shared/api.ts'
import type { MemoryEngine } from './memory-client.ts'

const machine: MachineInfo = {
  name: 'test',
  cpu: 'Test CPU',
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  memoryFreeBytes: 4 * 1024 ** 3,
  diskFreeBytes: 100 * 1024 ** 3,
  gpu: null,
  platform: 'linux',
  dataFolder: '/data',
  cacheFolder: '/cache',
  versions: { reprise: '0.1.0', node: '24', tensorflow: '2.21.0' },
  setup: { tensorflow: 'ready', progress: null, version: '2.21.0', error: null },
  networkRequests: [],
}

const settings: Settings = {
  theme: 'system',
  language: 'system',
  density: 'comfortable',
  device: 'auto',
  background: false,
}

/** A run that waits, with anything changed. */
export function testRun(id: string, change: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    name: `Run ${id}`,
    recipeId: 'mnist-lenet5',
    status: 'queued',
    createdAt: 1000,
    startedAt: null,
    finishedAt: null,
    queuePosition: null,
    seeds: [],
    changes: 0,
    device: null,
    verdict: null,
    curve: [],
    seconds: 0,
    secondsLeft: null,
    error: null,
    ...change,
  }
}

/** An engine with the given runs and nothing else. */
export function testEngine(runs: RunSummary[] = []): MemoryEngine {
  return {
    machine: structuredClone(machine),
    recipes: [],
    runs,
    details: {},
    curves: {},
    logs: {},
    datasets: [],
    settings: { ...settings },
  }
}
