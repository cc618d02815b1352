// The first inputs of any step of a planned run, made by a process of its own.
import { RepriseError } from '../../shared/errors.ts'
import type { PreviewAnswer, PreviewQuestion } from '../../shared/worker-protocol.ts'
import { createAnsweringWorker } from '../answering-worker.ts'
import type { HostServices } from '../api/services.ts'
import type { HostContext } from '../host-context.ts'
import type { TensorflowLibrary } from '../machine/tensorflow-library.ts'
import { type PreflightParts, planRun } from '../runs/preflight.ts'

/** Of steps between which the slider may move before an answer comes. */
const mostWaiting = 50

export function createPreviewService(parts: {
  context: Pick<HostContext, 'entries' | 'env' | 'folders' | 'timing'>
  library: TensorflowLibrary
  preflight: PreflightParts
}): HostServices['preview'] & { close(): Promise<void> } {
  const { context, library, preflight } = parts
  let env = context.env
  const worker = createAnsweringWorker<PreviewQuestion, PreviewAnswer>({
    entry: context.entries.preview,
    env: () => env,
    does: 'prepares the preview',
    atOnce: 1,
    mostWaiting,
    answerMs: context.timing.lookMs,
    idleMs: context.timing.idleMs,
  })

  /** Folder of libtensorflow, or null where it is not installed: pictures are then decoded by sharp. */
  const findLibrary = async (): Promise<string | null> => {
    if (library.state().tensorflow !== 'ready') return null
    const signal = new AbortController().signal
    const found = await library.ready({ signal, onProgress: () => {} }).catch((): null => null)
    if (found) env = found.environment
    return found?.folder ?? null
  }

  return {
    inputs: async ({ recipeId, changes, step, draw }, signal) => {
      const { config, preflight: plan } = await planRun({ recipeId, changes }, preflight)
      const { status, label } = preflight.dataset(config.data.dataset)
      if (status !== 'ready') {
        throw new RepriseError({
          code: 'data-missing',
          message: `${label} is not ready on this machine.`,
          fix: 'Fetch or add it on the page of data sets.',
        })
      }
      // What cannot be started cannot be prepared either.
      const misfit = plan.checks.find(({ id, blocking }) => id === 'input' && blocking)
      if (misfit) {
        throw new RepriseError({ code: 'config-out-of-range', message: String(misfit.values.reason ?? '') })
      }
      const libtensorflowDir = await findLibrary()
      const seed = config.seeds.first + draw
      return worker.ask({ datasetsDir: context.folders.datasets, config, step, seed, libtensorflowDir }, signal)
    },
    close: worker.close,
  }
}
