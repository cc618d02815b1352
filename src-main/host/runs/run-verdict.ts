// The verdict of a stored run over the seeds that have a result; provisional while others still train.
import { computeVerdict } from '../../engine/evaluate/verdict.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { History } from '../db/history.ts'

export function verdictOf(history: History, run: number): Verdict | null {
  const stored = history.runs.get(run)
  if (!stored) return null
  const seeds = history.seeds.list(run).flatMap(({ result }) => (result ? [result] : []))
  return computeVerdict({ recipe: stored.recipe, config: stored.config, seeds, data: stored.data })
}
