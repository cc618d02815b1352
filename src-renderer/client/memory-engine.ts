// A small engine state for tests: one machine, no runs.
import type { MachineInfo, RunSummary, Settings } from '../../src-main/shared/api.ts'
import type { Finding, Part, PictureItem } from '../../src-main/shared/dataset-views.ts'
import type { MemoryDataset, MemoryEngine } from './memory-client.ts'

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
  openTo: null,
}

const settings: Settings = {
  theme: 'system',
  language: 'system',
  density: 'comfortable',
  device: 'auto',
  background: false,
  resumeByItself: false,
  keepAwake: true,
  notifyWhenDone: true,
  maxCelsius: 0,
  minFreeBytes: 1024 ** 3,
  binDays: 30,
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
    priority: 'normal',
    sweep: null,
    interruption: null,
    keepsDevice: false,
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
    contents: {},
    sources: [],
    settings: { ...settings },
    bin: [],
    binBytes: {},
    queue: { held: false, reason: null },
    notices: [],
  }
}

/** A ready data set of four pictures in two classes, one of which is damaged, as its check has found. */
export function testContent(id: string): MemoryDataset {
  const picture = (number: number, label: number, part: Part, problem: string | null = null): PictureItem => ({
    picture: number,
    name: `${part}/${label}/${number}.png`,
    label,
    part,
    bytes: 100,
    width: 8,
    height: 8,
    format: 'png',
    problem,
    excluded: false,
    twin: null,
  })
  const damaged: Finding = {
    kind: 'unreadable',
    severity: 'problem',
    count: 1,
    excluded: 0,
    values: {},
    listed: true,
    excludable: true,
  }
  return {
    pictures: [
      picture(0, 0, 'train'),
      picture(1, 1, 'train'),
      picture(2, 0, 'test'),
      picture(3, 1, 'train', 'The file is cut short.'),
    ],
    members: { unreadable: [3] },
    overview: {
      id,
      label: id,
      path: `/data/${id}`,
      storage: 'files',
      reader: 'class-folders',
      reason: 'Looks like class folders.',
      pictures: 4,
      bytes: 400,
      classes: [
        { name: 'cat', train: 1, val: 0, test: 1, excluded: 0 },
        { name: 'dog', train: 2, val: 0, test: 0, excluded: 0 },
      ],
      split: { kind: 'given', valShare: 0, seed: 1 },
      fingerprint: 'ab12',
      excluded: 0,
      benchmark: null,
      benchmarkTest: null,
      health: {
        checkedAt: 1000,
        seconds: 1,
        pictures: 4,
        findings: [damaged],
        sizes: { edges: [0, 16], counts: [4] },
        aspects: { edges: [0.5, 2], counts: [4] },
        mean: [0.5, 0.5, 0.5],
        std: [0.2, 0.2, 0.2],
      },
      checking: null,
      checkError: null,
      usedBy: [],
    },
  }
}
