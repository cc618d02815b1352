// Linear or constant warm-up, as a factor on the learning rate of the first steps.
import type { RunConfig } from '../../../shared/run-config.ts'

/**
 * Factor at `step` of a warm-up over `steps` steps to the rate `lr`: linear from the first rate to 1 (PyTorch's LinearLR with
 * start_factor; timm's warmup_lr; big_vision's from 0), or the first rate throughout (ConstantLR; He et al. 2015 for
 * ResNet-110). 1 from `steps` on.
 */
export function warmupFactor(schedule: RunConfig['schedule'], lr: number, step: number, steps: number): number {
  if (step >= steps || lr === 0) return 1
  const { warmupStart, warmupStartIn, warmupConstant } = schedule
  const start = warmupStartIn === 'rate' ? warmupStart / lr : warmupStart
  return warmupConstant ? start : start + ((1 - start) * step) / steps
}
