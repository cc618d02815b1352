// Breaks trainings off in every way there is, and holds what comes out against undisturbed ones.
// node tools/soak/main.ts [--kills 200] [--power-cuts 60] [--full-disks 5] [--seed 1] [--datasets DIR] [--json FILE]
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataFolder } from '../../src-main/launch/data-folder.ts'
import { appVersion } from '../../src-main/launch/resources.ts'
import { measureBusyShare } from '../bench/machine-load.ts'
import { certified, certify } from './certificates.ts'
import { fullDiskTest } from './full-disk.ts'
import { type KillPlan, killTest } from './kill-test.ts'
import { seededRandom } from './random.ts'
import { startSoakHost, waitFor } from './soak-host.ts'
import { startSoakedRun } from './soaked-run.ts'

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    'power-cuts': { type: 'string', default: '60' },
    'full-disks': { type: 'string', default: '5' },
    'no-certificates': { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    datasets: { type: 'string' },
    json: { type: 'string' },
  },
})

const recipeId = 'mnist-lenet5'
/** Two seeds of two epochs; a state is saved after every step where saving is fast enough, so that kills fall into writing. */
const changes = { 'train.length': 2, 'seeds.count': 2, 'saving.seconds': 0 }

const compared = [
  'every tensor of the newest state and of the best weights, by its bytes',
  'counters and evaluations in the state, without times',
  'loss and learning rate of every step in the history, each step once',
  'figures of every evaluation in the history, without times',
  'results of the seeds, status and verdict',
]

const say = (text: string) => void process.stderr.write(`${text}\n`)

async function soak(work: string): Promise<boolean> {
  const busy = await measureBusyShare()
  const datasets = options.datasets ?? join(dataFolder(), 'datasets')
  const own = join(work, 'data')
  await prepare(own, datasets, ['mnist', ...(options['no-certificates'] ? [] : ['cifar10'])])
  const withMnist = (dataDir: string) =>
    cpSync(join(own, 'datasets', 'mnist'), join(dataDir, 'datasets', 'mnist'), { recursive: true })
  const freshFolder = (name: string) => {
    const folder = join(work, name)
    mkdirSync(folder)
    withMnist(folder)
    return folder
  }

  const undisturbed = await startSoakedRun({ dataDir: freshFolder('undisturbed'), recipeId, changes })
  const straight = await undisturbed.finish()
  say(`undisturbed: ${straight.run.seconds.toFixed(0)} s of training`)
  const random = seededRandom(Number(options.seed))
  const plan = { recipeId, changes, freshFolder, random, straight, say }
  const kills = async (kind: KillPlan['kind'], count: number) =>
    count > 0 ? await killTest({ ...plan, kind, kills: count }) : null

  const killed = await kills('kill', Number(options.kills))
  const powerLoss = await kills('power-loss', Number(options['power-cuts']))
  const times = Number(options['full-disks'])
  const fullDisk =
    times > 0 ? await fullDiskTest({ ...plan, fill: withMnist, mountPoint: join(work, 'small-disk'), times }) : null
  const certificates = []
  for (const subject of options['no-certificates'] ? [] : certified) {
    say(`certificate: ${subject.name}`)
    const certificate = await certify(subject, join(own, 'datasets'), join(work, 'proof'))
    certificates.push({ name: subject.name, ...certificate })
  }
  const equal = [
    killed?.equal,
    powerLoss?.equal,
    fullDisk && 'equal' in fullDisk ? fullDisk.equal : undefined,
    ...certificates.map((certificate) => certificate.equal),
  ].every((part) => part !== false)

  const result = {
    date: new Date().toISOString().slice(0, 10),
    hardware: `${cpus()[0]?.model.trim() ?? 'CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    environment: straight.run.environment,
    reprise: appVersion(),
    // Share of the cores that other programs used before the start: times are upper bounds where it is high.
    busyShare: Number(busy.toFixed(2)),
    seed: Number(options.seed),
    recipe: recipeId,
    changes,
    compared,
    equal,
    undisturbedSeconds: straight.run.seconds,
    kills: killed,
    powerLoss,
    fullDisk,
    certificates,
  }
  const text = `${JSON.stringify(result, null, 1)}\n`
  if (options.json) writeFileSync(options.json, text)
  process.stdout.write(text)
  return equal
}

/** A data folder with prepared data sets: copied where they lie prepared, else fetched by a host. */
async function prepare(dataDir: string, prepared: string, ids: string[]): Promise<void> {
  mkdirSync(join(dataDir, 'datasets'), { recursive: true })
  const absent = ids.filter((id) => !existsSync(join(prepared, id, 'manifest.json')))
  for (const id of ids) {
    if (!absent.includes(id)) cpSync(join(prepared, id), join(dataDir, 'datasets', id), { recursive: true })
  }
  if (absent.length === 0) return
  const host = await startSoakHost(dataDir)
  for (const id of absent) {
    say(`fetching ${id}`)
    await host.client.datasets.fetch.mutate({ id })
    await waitFor(
      `the data set ${id}`,
      async () => {
        const found = (await host.client.datasets.list.query()).find((dataset) => dataset.id === id)
        if (found?.error) throw new Error(`${id} could not be fetched: ${found.error.message}`)
        return found?.status === 'ready'
      },
      1800,
    )
  }
  await host.stop()
}

const work = mkdtempSync(join(tmpdir(), 'reprise-soak-'))
try {
  const equal = await soak(work)
  rmSync(work, { recursive: true, force: true })
  process.exit(equal ? 0 : 1)
} catch (error) {
  // The folders stay, so that what happened can be seen.
  say(`${(error as Error).stack}\nFolders: ${work}`)
  process.exit(1)
}
