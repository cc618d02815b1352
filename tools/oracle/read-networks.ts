// What registry_networks.py knows of each network of the registry. README.md says where it comes from.
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

export interface RegistryNetwork {
  name: string
  /** Trainable ones, for the classes of the registry. */
  parameters: number
  /** Multiply-accumulates of one picture at the size of the registry. */
  macs: number
  /** SHA-256 over a line `name [shape]` for each parameter in PyTorch's order and layout. */
  names: string
  values?: NetworkValues
}

const families = ['resnet', 'plain', 'mobile', 'transformer'] as const

export function registryNetworks(): RegistryNetwork[] {
  return families.flatMap((family) => {
    const file = new URL(`values/networks-${family}.json`, import.meta.url)
    return JSON.parse(readFileSync(file, 'utf8')) as RegistryNetwork[]
  })
}
