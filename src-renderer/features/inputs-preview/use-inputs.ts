// Sixteen training inputs of a step, asked for 250 ms after the last change; the last answer stays while a new one is made.
import { useEffect, useState } from 'react'
import type { PreviewInputs } from '../../../src-main/shared/dataset-views.ts'
import { type ErrorReport, toErrorReport } from '../../../src-main/shared/errors.ts'
import { engineClient } from '../../client/current-client.ts'
import { useEngineStore } from '../../stores/engine-store.ts'

export interface InputsState {
  inputs: PreviewInputs | null
  error: ErrorReport | null
  busy: boolean
}

export interface InputsQuestion {
  recipeId: string
  changes: Readonly<Record<string, unknown>>
  step: number
  draw: number
}

const settleMs = 250

/** The inputs that a run with these settings trains on in a step; `again` asks once more. */
export function useInputs({ recipeId, changes, step, draw }: InputsQuestion): InputsState & { again: () => void } {
  const [state, setState] = useState<InputsState>({ inputs: null, error: null, busy: true })
  const [attempt, setAttempt] = useState(0)
  const online = useEngineStore(({ connection }) => connection === 'online')
  const settings = JSON.stringify(changes)
  useEffect(() => {
    if (!online) return
    let current = true
    setState((before) => ({ ...before, busy: true }))
    const ask = async () => {
      try {
        const inputs = await engineClient().preview.inputs({ recipeId, changes: JSON.parse(settings), step, draw })
        if (current) setState({ inputs, error: null, busy: false })
      } catch (error) {
        if (current) setState((before) => ({ ...before, error: toErrorReport(error), busy: false }))
      }
    }
    const timer = setTimeout(() => void ask(), settleMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
    // `attempt` is no input of the call; a new number asks again.
  }, [recipeId, settings, step, draw, online, attempt])
  return { ...state, again: () => setAttempt((count) => count + 1) }
}
