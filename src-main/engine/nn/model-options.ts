// What can be chosen about a network beside its name. A model's record in the registry gives the defaults.

export interface ModelOptions {
  /** Height and width of the input, where the parameters depend on them (position embeddings). */
  resolution?: number
  /** Rate of dropout, where the network has it. */
  dropout?: number
  /** Rate of stochastic depth at the last block, where the network has it. */
  dropPath?: number
  /** Starts the last gamma of each residual block at zero, so that every block begins as the identity. */
  zeroInitResidual?: boolean
  /** False leaves zeros in place of initial values, for who counts parameters or loads them. */
  initialise?: boolean
}
