// AdamW (Loshchilov and Hutter 2017) as torch.optim.AdamW: decay apart from the gradient, times the learning rate.
import { adamSlots, adamStep } from './adam.ts'
import { composedOptimizer } from './composed-optimizer.ts'
import type { OptimizerBuilder } from './optimizer.ts'

export const adamw: OptimizerBuilder = (parameters, config) =>
  composedOptimizer(parameters, config, { slots: () => adamSlots, update: (step) => adamStep(step, config) })
