// What can be chosen about a network beside its name. A model's record in the registry gives the defaults.
import type { PositionResize } from '../../shared/registry/position-resize.ts'

export interface BatchNormSettings {
  /** Weight of the new value in the running statistics (PyTorch's momentum), in place of the architecture's. */
  momentum?: number
  /** In place of the architecture's. */
  epsilon?: number
  /** Pictures that are normalised together in training; left out, the whole batch is. */
  ghostBatch?: number
  /** 'statistics' trains with running statistics that stay as they are; 'all' leaves gamma and beta as they are too. */
  freeze?: 'none' | 'statistics' | 'all'
}

export interface ModelOptions {
  /** Height and width of the input, where the parameters depend on them (position embeddings). */
  resolution?: number
  /** How learned positions of another resolution are resampled; by default as the network's reference does it. */
  positionResize?: PositionResize
  /** Rate of dropout, where the network has it. */
  dropout?: number
  /** Rate of stochastic depth at the last block, where the network has it. */
  dropPath?: number
  /** Starts the last gamma of each residual block at zero, so that every block begins as the identity. */
  zeroInitResidual?: boolean
  /** What a run changes about batch normalisation. */
  norm?: BatchNormSettings
  /** Padding of convolutions with a stride in another reference of the network: TensorFlow's SAME. */
  padding?: 'same'
  /** False leaves zeros in place of initial values, for who counts parameters or loads them. */
  initialise?: boolean
}
