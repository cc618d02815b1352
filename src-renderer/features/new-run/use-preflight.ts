// The check before a start, repeated 300 ms after each edit. The last answer stays while a new one is fetched.
import { useEffect, useState } from 'react'
import type { Preflight } from '../../../src-main/shared/api.ts'
import { type ErrorReport, toErrorReport } from '../../../src-main/shared/errors.ts'
import { engineClient } from '../../client/current-client.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { probeSubject, useProbesStore } from '../../stores/probes-store.ts'
import type { Changes } from './draft.ts'

export interface PreflightState {
  preflight: Preflight | null
  /** Why the settings cannot be planned together. */
  refused: ErrorReport | null
  checking: boolean
}

const settleMs = 300

/** Checks the run that `changes` describe. Draws again when data sets or the engine change, since they change the answer. */
export function usePreflight(recipeId: string, changes: Changes): PreflightState {
  const [state, setState] = useState<PreflightState>({ preflight: null, refused: null, checking: true })
  const online = useEngineStore(({ connection }) => connection === 'online')
  const surroundings = useEngineStore(({ datasets, machine }) =>
    [machine?.setup.tensorflow, ...(datasets ?? []).map(({ id, status }) => `${id} ${status}`)].join('|'),
  )
  const settings = JSON.stringify(changes)
  // A probe that has ended is in the next answer.
  const probed = useProbesStore(({ probes }) => probes[probeSubject({ recipeId, changes })]?.state.result?.at)
  useEffect(() => {
    if (!online) return
    let current = true
    setState((before) => ({ ...before, checking: true }))
    const check = async () => {
      try {
        const preflight = await engineClient().runs.preflight({ recipeId, changes: JSON.parse(settings) })
        if (current) setState({ preflight, refused: null, checking: false })
      } catch (error) {
        if (current) setState((before) => ({ ...before, refused: toErrorReport(error), checking: false }))
      }
    }
    const timer = setTimeout(() => void check(), settleMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
    // `surroundings` and `probed` are no input of the call, but its answer depends on them.
  }, [recipeId, settings, online, surroundings, probed])
  return state
}
