// Peak memory of a process that trains, from what its compiled steps hold at once. The step's own bytes are counted from its
// graph; what TensorFlow, Node and the allocator add was measured once (see resources/results/memory-amd-epyc-2-cores.json) and
// is the same for all networks. CPU, Linux, the allocator settings of the product's workers.

/** What a compiled function makes TensorFlow keep. */
export interface GraphSize {
  /** Operations without constants and arguments. */
  operations: number
  /** Distinct oneDNN kernels: convolutions, matrix products and batch norms of unlike shapes. */
  kernels: number
  /** Functions that XLA compiles. */
  fused: number
}

export interface ProcessLoad {
  graph: GraphSize
  /** Trainable parameters and buffers. */
  parameterBytes: number
  /** All variables: parameters, optimizer state, averages, sums of gradients. */
  variableBytes: number
  /** Most bytes of intermediate results, gradients among them, that are live at once. */
  liveBytes: number
  /** Of one saved state; 0 where nothing is saved. */
  savedBytes: number
  /** Pictures in memory. */
  dataBytes: number
  halfPrecision: boolean
  /** Threads that prepare pictures. */
  feedThreads: number
}

// Measured on 26 steps of 7 networks by least squares of the relative error.
const processBytes = 435e6
const operationBytes = 30e3
const kernelBytes = 414e3
const fusedBytes = 1.24e6
/** Of live bytes: freed pieces of the heap that nothing fits into. */
const fragmentation = 1.062
/** In half precision oneDNN reorders and accumulates in copies of its own. */
const halfFragmentation = 0.109
const halfWeights = 0.74
/** A thread of the feed, with its pictures: 34 MB on those of 32 pixels, and somewhat more on larger ones. */
const feedThreadBytes = 40e6
/** Saving reads the state, puts it into PyTorch's layout and lays it out as a file. */
const savingCopies = 3

/** Peak resident bytes. */
export function predictedProcessBytes(load: ProcessLoad): number {
  const { graph, halfPrecision } = load
  const held = load.variableBytes + (halfPrecision ? halfWeights * load.parameterBytes : 0)
  const step = load.liveBytes * (fragmentation + (halfPrecision ? halfFragmentation : 0))
  return Math.round(
    processBytes +
      graph.operations * operationBytes +
      graph.kernels * kernelBytes +
      graph.fused * fusedBytes +
      held +
      // What a step has freed serves the saving.
      Math.max(step, savingCopies * load.savedBytes) +
      load.dataBytes +
      load.feedThreads * feedThreadBytes,
  )
}

// CUDA, cuDNN and cuBLAS with their workspaces, as others report it: not measured with Reprise.
const gpuContextBytes = 700e6

/** Peak bytes on a GPU, where the process keeps nothing else. */
export function predictedDeviceBytes({ variableBytes, liveBytes }: ProcessLoad): number {
  return Math.round(gpuContextBytes + variableBytes + liveBytes * fragmentation)
}
