// The runs that a sweep would start, as the engine expands it, 300 ms after each edit.
import { useEffect, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../src-main/shared/errors.ts'
import type { Sweep } from '../../../src-main/shared/sweep.ts'
import { engineClient } from '../../client/current-client.ts'
import type { Changes } from './draft.ts'

export interface SweepRuns {
  /** Changes of each run; null until they are known. */
  runs: Record<string, unknown>[] | null
  refused: ErrorReport | null
}

const settleMs = 300

/** Nothing is asked while `sweep` is null. */
export function useSweepRuns(recipeId: string, changes: Changes, sweep: Sweep | null): SweepRuns {
  const [state, setState] = useState<SweepRuns>({ runs: null, refused: null })
  const asked = JSON.stringify({ recipeId, changes, sweep })
  useEffect(() => {
    const input = JSON.parse(asked) as { recipeId: string; changes: Record<string, unknown>; sweep: Sweep | null }
    const { sweep: wanted, ...base } = input
    if (wanted === null) {
      setState({ runs: null, refused: null })
      return
    }
    let current = true
    const expand = async () => {
      try {
        const runs = await engineClient().runs.expandSweep({ ...base, sweep: wanted })
        if (current) setState({ runs, refused: null })
      } catch (error) {
        if (current) setState({ runs: null, refused: toErrorReport(error) })
      }
    }
    const timer = setTimeout(() => void expand(), settleMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [asked])
  return state
}
