// `reprise probe`: a few real steps of a recipe tell what a run will take here.

import { fromErrorReport, RepriseError } from '../shared/errors.ts'
import type { ProbeState } from '../shared/probe.ts'
import { configFromRecipe } from '../shared/recipe.ts'
import { ensureDataset } from './dataset-progress.ts'
import { withHost } from './host-connection.ts'
import { duration, size } from './number-words.ts'
import type { Output } from './output.ts'
import { progressBar } from './progress-bar.ts'
import { type RunFlags, runChanges } from './run-changes.ts'

/** Prints times, memory and disk. Throws the probe's own error, and `cancelled` after Ctrl-C. */
export function probeRecipe(recipeId: string, flags: RunFlags, output: Output): Promise<void> {
  const changes = runChanges(flags)
  return withHost(async (host) => {
    const { recipe } = await host.call(host.client.recipes.get.query({ id: recipeId }))
    await ensureDataset(host, configFromRecipe(recipe, changes).data.dataset, output)
    const bar = progressBar()
    const early: { id: string; probe: ProbeState }[] = []
    let hear = (id: string, probe: ProbeState) => void early.push({ id, probe })
    const stopListening = await host.listen((event) => {
      if (event.type === 'probe') hear(event.id, event.probe)
    })
    let cancel = () => {}
    try {
      const { id, state } = await host.call(host.client.probe.start.mutate({ recipeId, changes }))
      cancel = () => void host.client.probe.cancel.mutate({ id }).catch(() => {})
      process.once('SIGINT', cancel)
      const ended = await host.call(
        new Promise<ProbeState>((resolve) => {
          hear = (of, probe) => {
            if (of !== id) return
            const { phase, done, total } = probe
            if (probe.status !== 'running') resolve(probe)
            else if (phase) bar.update(total > 0 ? done / total : null, phaseWords[phase])
          }
          for (const { id: of, probe } of [{ id, probe: state }, ...early.splice(0)]) hear(of, probe)
        }),
      )
      bar.clear()
      if (ended.error) throw fromErrorReport(ended.error)
      const { result } = ended
      if (!result) throw new RepriseError({ code: 'cancelled', message: 'The probe was cancelled.' })
      const { diskBytes } = await host.call(host.client.runs.preflight.query({ recipeId, changes }))
      output.result({ ...result, diskBytes }, () =>
        [
          `${result.device}, ${result.precision}: ${result.steps} steps of ${(result.stepSeconds * 1000).toFixed(0)} ms, ${Math.round(result.imagesPerSecond)} images/s`,
          `An epoch takes ${duration(result.epochSeconds)}, an evaluation ${duration(result.evaluationSeconds)}.`,
          `A seed takes ${duration(result.seedSeconds)}, the run ${duration(result.allSeconds)}.`,
          `Memory: ${size(result.memory.predictedBytes)} predicted, ${size(result.memory.measuredBytes)} measured.`,
          `Disk: ${size(diskBytes)}; a saved state takes ${size(result.stateBytes)}.`,
        ].join('\n'),
      )
    } finally {
      process.off('SIGINT', cancel)
      bar.clear()
      stopListening()
    }
  })
}

const phaseWords: Record<NonNullable<ProbeState['phase']>, string> = {
  libraries: 'loading TensorFlow',
  data: 'reading data',
  tracing: 'building the training step',
  steps: 'training a few steps',
  evaluating: 'evaluating',
}
