// What a typed or chosen path turns out to be. Asked 300 ms after the last change, as a folder may be large.
import { useEffect, useState } from 'react'
import type { SourceLook } from '../../../src-main/shared/dataset-views.ts'
import { type ErrorReport, toErrorReport } from '../../../src-main/shared/errors.ts'
import type { BoxRule } from '../../../src-main/shared/registry/readers.ts'
import { engineClient } from '../../client/current-client.ts'

export interface SourceLookState {
  look: SourceLook | null
  error: ErrorReport | null
  looking: boolean
}

const settleMs = 300
const nothing: SourceLookState = { look: null, error: null, looking: false }

/** Looks at a path; an empty one is nothing. */
export function useSourceLook(path: string, boxRule: BoxRule): SourceLookState {
  const [state, setState] = useState(nothing)
  useEffect(() => {
    if (path === '') {
      setState(nothing)
      return
    }
    let current = true
    setState((before) => ({ ...before, looking: true }))
    const ask = async () => {
      try {
        const look = await engineClient().datasets.look(path, boxRule)
        if (current) setState({ look, error: null, looking: false })
      } catch (error) {
        if (current) setState({ look: null, error: toErrorReport(error), looking: false })
      }
    }
    const timer = setTimeout(() => void ask(), settleMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [path, boxRule])
  return state
}
