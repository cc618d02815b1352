// The guards of a host on this machine: what trains is watched, and the machine kept awake meanwhile.

import type { HostContext } from '../host-context.ts'
import { readClocks } from '../machine/clocks.ts'
import { createKeepAwake } from '../machine/keep-awake.ts'
import { freeMemoryBytes, memoryBytes } from '../machine/machine-info.ts'
import type { RunWatch } from '../runs/run-watch.ts'
import { readSettings } from '../settings.ts'
import { cpuCelsius, gpuCelsius } from './temperature.ts'
import { createTrainingWatch } from './training-watch.ts'

export interface Guards {
  watch: RunWatch
  /** Call it when the settings have changed. */
  settingsChanged(): void
  close(): void
}

export function assembleGuards(context: HostContext): Guards {
  const { folders, history, notices, writer, log, env } = context
  const settings = () => readSettings(history.settings)
  const awake = createKeepAwake({ env, onFailure: (reason) => log.info({ reason }, 'sleep cannot be blocked') })
  let working = false
  const holdAwake = () => awake.hold(working && settings().keepAwake)
  const watch = createTrainingWatch({
    settings,
    machine: {
      freeDiskBytes: () => context.freeBytes(folders.data),
      gpuCelsius,
      cpuCelsius,
      freeMemoryBytes,
      memoryBytes,
      clocks: readClocks,
    },
    notices,
    unwrittenSeconds: writer.waitingSeconds,
    everyMs: context.timing.watchMs,
    atWork: (now) => {
      working = now
      holdAwake()
    },
  })
  return {
    watch,
    settingsChanged: holdAwake,
    close: () => {
      watch.close()
      awake.close()
    },
  }
}
