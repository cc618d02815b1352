// What is compared: groups of one network in one precision, and the processes that take turns in each.

export type BenchNet = 'resnet20-cifar' | 'airbench94'
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

const labels: Record<BenchNet, string> = { 'resnet20-cifar': 'ResNet-20', airbench94: 'airbench94' }

/** All groups; `jemalloc` says whether PyTorch can be run with it here. */
export function benchGroups(batches: Record<BenchNet, number>, jemalloc: boolean): Group[] {
  const nets: BenchNet[] = ['resnet20-cifar', 'airbench94']
  return nets.flatMap((net) =>
    (['fp32', 'bf16'] as const).map((precision) => {
      const common = ['--net', net, '--batch', String(batches[net])]
      return {
        net,
        label: labels[net],
        precision,
        batch: batches[net],
        contenders: [...ourContenders(precision, common), ...torchContenders(precision, common, jemalloc)],
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
