// What registry_networks.py knows of each network of the registry, and shallow_networks.py of small ones. README.md says where
// it comes from.
import { readFileSync } from 'node:fs'

/** Norm, and projection on the stream of the tensor's number (`patternProjection`), in PyTorch's layout. */
export type TensorSummary = [norm: number, projection: number]

export interface NetworkValues {
  /** Batch, height, width, channels, for `patternImages`. */
  images: [number, number, number, number]
  labels: number[]
  /** Names of parameters that keep the network's own values. */
  kept: string[]
  /** [batch, 10] with batch statistics, before any update. */
  trainLogits: number[][]
  loss: number
  /** By parameter; null for a fixed one. Null as a whole where only logits are compared. */
  gradients: (TensorSummary | null)[] | null
  /** Of batch normalisation, after the one training pass, from 0 and 1. */
  runningStatistics: TensorSummary[]
  /** [batch, 10] with those running statistics. */
  evalLogits: number[][]
}

/** Of networks too large or too deep for `NetworkValues`. */
export interface NetworkInference {
  images: [number, number, number, number]
  /** [batch, 10] with running statistics of 0 and 1. */
  logits: number[][]
}

export interface RegistryNetwork {
  name: string
  /** Trainable ones, for the classes of the registry. */
  parameters: number
  /** Multiply-accumulates of one picture at the size of the registry. */
  macs: number
  /** SHA-256 over a line `name [shape]` for each parameter in PyTorch's order and layout. */
  names: string
  values?: NetworkValues
  inference?: NetworkInference
}

export interface ShallowNetwork {
  name: string
  /** Of the pictures. */
  seed: number
  /** Least distance of a value to where a ReLU or max pool has no gradient; null without any. */
  kinkDistance: number | null
  /** Parameters whose gradient the float32 of PyTorch itself misses by more than 1e-4 of its norm. */
  cancelling: string[]
  values: NetworkValues
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`values/${name}`, import.meta.url), 'utf8'))

export const shallowNetworks = () => read('networks-shallow.json') as ShallowNetwork[]

/** How an initial value is drawn; 'truncated' is a normal one with values beyond the limit drawn again. */
export type DrawRule =
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; std: number }
  | { kind: 'uniform'; bound: number }
  | { kind: 'truncated'; std: number; limit: number }
  | { kind: 'fixed' }

export interface InitialValueOracle {
  family: string
  /** Of the registry, or of the shallow networks. */
  name: string
  zeroInitResidual: boolean
  rules: DrawRule[]
  /** Of each parameter in PyTorch's order the index of its rule. */
  parameters: number[]
}

export const initialValueOracles = () => read('initial-values.json') as InitialValueOracle[]

export interface RandomLayerOracle {
  name: string
  /** Empty where the rates of the recipe are the defaults. */
  options: { dropout?: number; dropPath?: number }
  /** In the order of a training pass; those with a rate of 0 are left out. */
  kinds: ('dropout' | 'drop-path')[]
  rates: number[]
}

export const randomLayerOracles = () => read('random-layers.json') as RandomLayerOracle[]

const families = ['resnet', 'plain', 'mobile', 'transformer'] as const

export function registryNetworks(): RegistryNetwork[] {
  return families.flatMap((family) => read(`networks-${family}.json`) as RegistryNetwork[])
}
