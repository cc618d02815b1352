// What is compared: groups of one network in one precision, and the processes that take turns in each.

/** Networks for pictures of 32 pixels, trained by their recipes. */
export const cifarNets = ['resnet20-cifar', 'airbench94'] as const
/** Networks for pictures of 224 pixels and 1,000 classes. */
export const imageNetNets = [
  'resnet18',
  'resnet50',
  'efficientnet-b0',
  'mobilenet-v2',
  'vit-tiny-patch16',
  'vit-small-patch16',
] as const
export const benchNets = [...cifarNets, ...imageNetNets] as const
export type BenchNet = (typeof benchNets)[number]
export type BenchPrecision = 'fp32' | 'bf16'

/** One process. */
export interface Contender {
  id: string
  label: string
  side: 'ours' | 'torch'
  /** Counted in the ratios. What is not is shown for information: it does more or other work than its counterpart. */
  compared: boolean
  allocator: 'product' | 'default' | 'jemalloc'
  arguments: string[]
}

export interface Group {
  net: BenchNet
  label: string
  precision: BenchPrecision
  batch: number
  contenders: Contender[]
}

interface NetFacts {
  label: string
  batch: number
  /** With what is shown for information beside the comparison. */
  variants: boolean
}

const pictures224 = { batch: 16, variants: false }
const facts: Record<BenchNet, NetFacts> = {
  'resnet20-cifar': { label: 'ResNet-20', batch: 128, variants: true },
  airbench94: { label: 'airbench94', batch: 1024, variants: true },
  resnet18: { label: 'ResNet-18', ...pictures224 },
  resnet50: { label: 'ResNet-50', ...pictures224 },
  'efficientnet-b0': { label: 'EfficientNet-B0', ...pictures224 },
  'mobilenet-v2': { label: 'MobileNetV2', ...pictures224 },
  'vit-tiny-patch16': { label: 'ViT-Ti/16', ...pictures224 },
  'vit-small-patch16': { label: 'ViT-S/16', ...pictures224 },
}

export interface BenchChoice {
  nets: readonly BenchNet[]
  /** Batches other than a network's own. */
  batches?: Partial<Record<BenchNet, number>>
  /** Whether PyTorch can be run with it here. */
  jemalloc: boolean
}

/** The groups of the chosen networks, each in both precisions. */
export function benchGroups({ nets, batches = {}, jemalloc }: BenchChoice): Group[] {
  return nets.flatMap((net) =>
    (['fp32', 'bf16'] as const).map((precision) => {
      const { label, variants } = facts[net]
      const batch = batches[net] ?? facts[net].batch
      const common = ['--net', net, '--batch', String(batch)]
      const contenders = [...ourContenders(precision, common), ...torchContenders(precision, common, jemalloc)]
      return {
        net,
        label,
        precision,
        batch,
        contenders: contenders.filter(({ compared }) => compared || variants),
      }
    }),
  )
}

function ourContenders(precision: BenchPrecision, common: string[]): Contender[] {
  const own = { side: 'ours', allocator: 'product' } as const
  const args = [...common, '--precision', precision]
  return [
    { id: 'ours', label: 'Reprise', compared: true, ...own, arguments: args },
    {
      id: 'ours-augmented',
      label: 'Reprise, crop and flip',
      compared: false,
      ...own,
      arguments: [...args, '--augment'],
    },
  ]
}

function torchContenders(precision: BenchPrecision, common: string[], jemalloc: boolean): Contender[] {
  const allocators = jemalloc ? (['default', 'jemalloc'] as const) : (['default'] as const)
  const kinds = [
    { id: 'torch', label: 'PyTorch', flag: precision, compared: true },
    // Weights in bf16 too, as airbench trains: less work, and other results, than mixed precision.
    ...(precision === 'bf16'
      ? [{ id: 'torch-whole', label: 'PyTorch, bf16 weights', flag: 'bf16-whole', compared: false }]
      : []),
  ]
  return kinds.flatMap(({ id, label, flag, compared }) =>
    allocators.map((allocator) => ({
      id: `${id}-${allocator}`,
      label: `${label}, ${allocator === 'default' ? 'default allocator' : 'jemalloc'}`,
      side: 'torch' as const,
      compared,
      allocator,
      arguments: [...common, '--precision', flag],
    })),
  )
}
