// The few fields of tensorflow.ConfigProto that the engine sets, written as protobuf bytes
// (tensorflow/core/protobuf/config.proto and rewriter_config.proto).

export type MixedPrecision = 'none' | 'bfloat16' | 'float16'

export interface ConfigOptions {
  /** Threads inside an operation; 0 leaves TensorFlow's default, all cores. */
  intraThreads?: number
  interThreads?: number
  /** Grappler's mixed precision: bfloat16 through oneDNN on CPUs, float16 on GPUs. */
  mixedPrecision?: MixedPrecision
  gpu?: { memoryFraction?: number; allowGrowth?: boolean }
  /** Leaves GPUs alone. */
  cpuOnly?: boolean
}

const rewriterOn = 1

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

const key = (field: number, wireType: number) => varint(field * 8 + wireType)
const intField = (field: number, value: number) => [...key(field, 0), ...varint(value)]
const messageField = (field: number, body: number[]) => [...key(field, 2), ...varint(body.length), ...body]

function doubleField(field: number, value: number): number[] {
  return [...key(field, 1), ...new Uint8Array(new Float64Array([value]).buffer)]
}

/** ConfigProto bytes for a context or for the `config_proto` attribute of a function call. */
export function configProto(options: ConfigOptions): Uint8Array {
  const bytes: number[] = []
  // An entry of device_count: the number of devices of a type.
  if (options.cpuOnly) bytes.push(...messageField(1, [...messageField(1, [...Buffer.from('GPU')]), ...intField(2, 0)]))
  if (options.intraThreads) bytes.push(...intField(2, options.intraThreads))
  if (options.interThreads) bytes.push(...intField(5, options.interThreads))
  if (options.gpu) {
    const gpu: number[] = []
    if (options.gpu.memoryFraction) gpu.push(...doubleField(1, options.gpu.memoryFraction))
    if (options.gpu.allowGrowth) gpu.push(...intField(4, 1))
    bytes.push(...messageField(6, gpu))
  }
  const mixed = options.mixedPrecision ?? 'none'
  if (mixed !== 'none') {
    const rewrite = intField(mixed === 'bfloat16' ? 31 : 23, rewriterOn)
    bytes.push(...messageField(10, messageField(10, rewrite)))
  }
  return Uint8Array.from(bytes)
}
