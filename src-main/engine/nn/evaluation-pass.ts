import { readVariable, type Variable } from '../tensorflow/variables.ts'
import type { ForwardPass, Parameter } from './parameters.ts'

/** A pass with running statistics; `variableOf` gives the variables to judge in place of the network's own. */
export function evaluationPass(
  variableOf: (parameter: Parameter) => Variable = ({ variable }) => variable,
): ForwardPass {
  return {
    training: false,
    read: (parameter) => readVariable(variableOf(parameter)),
    onStatistics: () => {},
  }
}
