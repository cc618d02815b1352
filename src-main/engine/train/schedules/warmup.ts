// Linear or constant warm-up, as a factor on the learning rate of the first steps.
import type { RunConfig } from '../../../shared/run-config.ts'

/**
 * Factor at `step` of a warm-up over `steps` steps: linear from `warmupStart` to 1 (PyTorch's LinearLR with
 * start_factor), or `warmupStart` throughout (ConstantLR; He et al. 2015 for ResNet-110). 1 from `steps` on.
 */
export function warmupFactor(schedule: RunConfig['schedule'], step: number, steps: number): number {
  if (step >= steps) return 1
  const { warmupStart: start, warmupConstant } = schedule
  return warmupConstant ? start : start + ((1 - start) * step) / steps
}
