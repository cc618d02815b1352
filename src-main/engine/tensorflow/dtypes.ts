// TensorFlow's data types by their number in tensorflow/core/framework/types.proto, and what tfjs calls them.

export const DType = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  half: 19,
  resource: 20,
} as const
export type DTypeName = keyof typeof DType
export type DType = (typeof DType)[DTypeName]

/** Bytes of one element; a string's are those of TF_TString, which may point elsewhere. A resource has no fixed size. */
export const dtypeBytes: Partial<Record<number, number>> = {
  [DType.float]: 4,
  [DType.double]: 8,
  [DType.int32]: 4,
  [DType.uint8]: 1,
  [DType.string]: 24,
  [DType.complex64]: 8,
  [DType.int64]: 8,
  [DType.bool]: 1,
  [DType.bfloat16]: 2,
  [DType.half]: 2,
}

/** The tfjs dtype under which a TensorFlow type travels through tfjs-core; int64 and uint8 pass as int32, half types as float32. */
export function tfjsDtype(dtype: number): 'float32' | 'int32' | 'bool' | 'complex64' | 'string' {
  switch (dtype) {
    case DType.int32:
    case DType.uint8:
    case DType.int64:
      return 'int32'
    case DType.bool:
      return 'bool'
    case DType.complex64:
      return 'complex64'
    case DType.string:
    case DType.resource:
      return 'string'
    default:
      return 'float32'
  }
}

/** Name of a type for messages. */
export function dtypeName(dtype: number): string {
  return Object.entries(DType).find(([, value]) => value === dtype)?.[0] ?? `type ${dtype}`
}
