// The evaluations of a training: with one view between epochs, with the views of the protocol at its end.
import type { TestAugmentationName } from '../../shared/registry/augmentation.ts'
import type { Dataset } from '../data/dataset.ts'
import type { EvaluationFigures } from '../evaluate/metrics.ts'
import type { TensorFlowRuntime } from '../tensorflow/runtime.ts'
import { compileEvaluation, evaluate } from './evaluation-step.ts'
import { createTestSource, type TestSourceOptions } from './test-source.ts'
import type { StepContext } from './training-step.ts'
import type { WeightAverage } from './weight-average.ts'

export interface Evaluations {
  /** Judges all test pictures; `onProgress` gets pictures done. An abort rejects with `cancelled`. */
  run(final: boolean, signal: AbortSignal, onProgress: (done: number) => void): Promise<EvaluationFigures>
  dispose(): void
}

/** With an `average`, its weights are judged in place of the network's own. */
export function createEvaluations(
  runtime: TensorFlowRuntime,
  context: StepContext,
  dataset: Dataset,
  average: WeightAverage | null,
  options: TestSourceOptions = {},
): Evaluations {
  const { config, classes } = context
  const { batchSize: batch, testAugmentation } = config.evaluation
  const evaluation = (views: TestAugmentationName) => {
    const source = createTestSource(dataset, config, views, options)
    return { source, step: compileEvaluation(context, source, views, batch, average?.averageOf) }
  }
  const between = evaluation('none')
  const last = testAugmentation === 'none' ? between : evaluation(testAugmentation)
  return {
    run(final, signal, onProgress) {
      const { source, step } = final ? last : between
      return evaluate(runtime, step, source, { batch, classes, signal, onProgress })
    },
    dispose() {
      between.step.dispose()
      if (last !== between) last.step.dispose()
    },
  }
}
