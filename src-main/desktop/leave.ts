// What becomes of a running training when the last window closes.
import { type BrowserWindow, dialog } from 'electron'
import { keepTrainingInBackground, readSettings, stopRun, trainingRun } from './host-requests.ts'
import type { ReachedHost } from './host-supervisor.ts'
import type { ShellWords } from './words.ts'

export type Leave = 'end-host' | 'leave-running' | 'stay'

/**
 * Decides by the settings, else asks. With `leave-running` the host goes on without a window; with `end-host` it may be
 * ended, a run that trained has been told to stop and keep what it has.
 */
export async function decideLeave(host: ReachedHost | null, window: BrowserWindow, words: ShellWords): Promise<Leave> {
  // A host that others hold does not end with this window.
  if (!host?.own) return 'leave-running'
  let run: Awaited<ReturnType<typeof trainingRun>>
  try {
    run = await trainingRun(host)
    if (!run) return 'end-host'
    if ((await readSettings(host)).background) return 'leave-running'
  } catch {
    // A host that does not answer is ended; the next start marks what it left.
    return 'end-host'
  }
  const { goOn, stop, cancel, message, detail } = words.training
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: message(run.name),
    detail,
    buttons: [goOn, stop, cancel],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  if (response === 2) return 'stay'
  if (response === 1) {
    await stopRun(host, run.id)
    return 'end-host'
  }
  await keepTrainingInBackground(host)
  return 'leave-running'
}
