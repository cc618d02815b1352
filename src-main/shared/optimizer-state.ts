// What optimizers keep beside the parameters; a test of the engine holds it against the real state.
import type { OptimizerName } from './registry/training.ts'
import type { RunConfig } from './run-config.ts'

const copies: Record<OptimizerName, (momentum: number) => number> = {
  sgd: (momentum) => (momentum > 0 ? 1 : 0),
  adam: () => 2,
  adamw: () => 2,
  rmsprop: (momentum) => (momentum > 0 ? 2 : 1),
  'rmsprop-tf': (momentum) => (momentum > 0 ? 2 : 1),
  lamb: () => 2,
  lars: (momentum) => (momentum > 0 ? 1 : 0),
  lion: () => 1,
  // Two for what AdamW gets, which is little beside the matrices.
  muon: () => 1,
}

/** How many times the size of the parameters an optimizer's state takes. */
export function optimizerStateCopies({ name, momentum }: RunConfig['optimizer']): number {
  return copies[name](momentum)
}
