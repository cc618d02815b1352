// The learning rate that the settings of a run lead to, for the part of the chart that is still to come.
import { useEffect, useState } from 'react'
import type { RunDetail, SchedulePoint } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { changesBetween } from '../new-run/start-run.ts'
import { presentRecipe } from './run-actions.ts'

const plans = new Map<string, SchedulePoint[]>()

/** The plan of a run, read once; empty until it is there, or when it cannot be told any more. */
export function usePlannedRate(run: RunDetail): readonly SchedulePoint[] {
  const [plan, setPlan] = useState<readonly SchedulePoint[]>(() => plans.get(run.id) ?? [])
  const { id, recipeId } = run
  const settings = JSON.stringify(changesBetween(presentRecipe(run), run.config))
  useEffect(() => {
    if (plans.has(id)) return
    let current = true
    const read = async () => {
      try {
        const { schedule } = await engineClient().runs.preflight({ recipeId, changes: JSON.parse(settings) })
        if (!schedule) return
        plans.set(id, schedule.run)
        if (current) setPlan(schedule.run)
      } catch {
        // Without a plan the chart shows what was trained, which is all that is known.
      }
    }
    void read()
    return () => {
      current = false
    }
  }, [id, recipeId, settings])
  return plan
}
