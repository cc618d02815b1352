// One run on one data folder, watched, broken off and resumed until it has finished.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunDetail, Settings } from '../../src-main/shared/api.ts'
import { describeError } from '../../src-main/shared/errors.ts'
import { type RunRecord, recordRun } from './compare-runs.ts'
import { killProcess, type SoakHost, stands, startSoakHost, waitFor } from './soak-host.ts'

export interface SoakedRun {
  readonly host: SoakHost
  readonly id: string
  /** Folder of its checkpoints. */
  readonly checkpoints: string
  /** The process that trains it, as soon as there is one; null when the run has finished before. */
  worker(): Promise<number | null>
  /** Resolves at the first report of a step from now on, or when the run stands. */
  stepped(): Promise<void>
  /** Resolves while a checkpoint is being written, or when the run stands. */
  saving(): Promise<void>
  isFinished(): Promise<boolean>
  /** The run, after a checkpoint has been written from now on, or when it stands. */
  savedOrStands(): Promise<RunDetail>
  /** Kills the host, the worker that it had, or both; then both are gone or know of it. */
  kill(which: 'worker' | 'host' | 'both'): Promise<void>
  /**
   * Starts a host where none runs, and lets the run go on. Throws where the run does not say what broke it off.
   */
  goOn(): Promise<void>
  /** Waits for its end, and ends the host. Throws where the run has not finished. */
  finish(): Promise<RunRecord>
}

export interface RunWanted {
  dataDir: string
  recipeId: string
  changes: Record<string, unknown>
  /** Settings of the host. */
  settings?: Partial<Settings>
}

/** Starts a run on a fresh host in `dataDir`, with its data set fetched where it is not there. */
export async function startSoakedRun({ dataDir, recipeId, changes, settings }: RunWanted): Promise<SoakedRun> {
  let host = await startSoakHost(dataDir)
  let isUp = true
  if (settings) await host.client.settings.set.mutate(settings)
  const { id } = await host.client.runs.start.mutate({ recipeId, changes })
  const detail = () => host.client.runs.get.query({ id })
  const checkpoints = join(dataDir, 'runs', id, 'checkpoints')
  const isWriting = () => existsSync(checkpoints) && readdirSync(checkpoints).some((name) => name.endsWith('.part'))

  /** Calls `look` often until it says yes, or until the run stands, which is looked at less often. */
  const until = async (look: () => boolean) => {
    for (let turn = 1; !look(); turn++) {
      await delay(2)
      if (turn % 100 === 0 && stands(await detail())) return
    }
  }

  return {
    get host() {
      return host
    },
    id,
    checkpoints,
    worker: () =>
      waitFor('a worker', async () => {
        const [pid] = host.workers()
        if (pid !== undefined) return { pid }
        return stands(await detail()) ? { pid: null } : null
      }).then(({ pid }) => pid),
    stepped: async () => {
      let stepped = false
      const end = host.listen((event) => {
        if (event.type === 'steps' && event.runId === id) stepped = true
      })
      await until(() => stepped)
      end()
    },
    saving: () => until(isWriting),
    savedOrStands: async () => {
      const last = newestOf(await detail())
      let now = await detail()
      while (!stands(now) && newestOf(now) === last) {
        await delay(100)
        now = await detail()
      }
      return now
    },
    isFinished: async () => (await detail()).status === 'finished',
    kill: async (which) => {
      const workers = host.workers()
      if (which !== 'host') for (const pid of workers) killProcess(pid)
      if (which === 'worker') {
        await waitFor('the run to stand after its worker was killed', async () => stands(await detail()))
        return
      }
      isUp = false
      await host.kill()
    },
    goOn: async () => {
      if (!isUp) host = await startSoakHost(dataDir)
      isUp = true
      const run = await detail()
      if (run.status === 'finished') return
      // A power cut may take back that it had started: then it still waits, and starts by itself.
      if (run.interruption === null && run.status !== 'queued')
        throw new Error(`${id} is ${run.status} and does not say why it stands still.`)
      if (run.status !== 'queued') await host.client.runs.resume.mutate({ runId: id })
      if ((await host.client.runs.queue.query()).held) await host.client.runs.holdQueue.mutate({ held: false })
    },
    finish: async () => {
      await waitFor('the end of the run', async () => stands(await detail()), 3600)
      const record = await recordRun(host, id)
      await host.stop()
      const { status, error } = record.run
      if (status === 'finished') return record
      throw new Error(`${id} ended ${status}: ${error ? describeError(error) : 'without an error'}`)
    },
  }
}

const newestOf = ({ checkpoints }: RunDetail) => Math.max(0, ...checkpoints.map(({ savedAt }) => savedAt))
