// TensorFlow's status as an error with a code and a way out.
import { RepriseError } from '../../shared/errors.ts'
import { DType, dtypeBytes } from './dtypes.ts'

const cancelledCode = 1
const outOfMemoryCode = 8

/**
 * What a message of TensorFlow says of memory that was refused. Its allocators wait up to ten seconds for memory to be freed before
 * they refuse; where the system grants more than it has, it ends the process instead.
 */
export interface RefusedMemory {
  bytes: number
  /** Of the tensor, where the message has it. */
  shape?: number[]
  /** TensorFlow's name of its type. */
  dtype?: string
}

/** The error of a status: `cancelled`, `out-of-memory` with what was needed in its details, or `tensorflow-op`. */
export function tensorFlowError(code: number, message: string, what: string, inputs: readonly string[]): RepriseError {
  const details = { tensorflow: message, op: what, inputs: [...inputs], status: code }
  if (code === cancelledCode) return cancelledError(details)
  if (code === outOfMemoryCode) return outOfMemory(message, details)
  return new RepriseError({
    code: 'tensorflow-op',
    message: `TensorFlow refused ${what}${inputs.length > 0 ? ` on ${inputs.join(', ')}` : ''}.`,
    found: message,
    fix: 'This is a fault of the network or of Reprise: copy the report.',
    details,
  })
}

export function cancelledError(details: Record<string, unknown> = {}): RepriseError {
  return new RepriseError({ code: 'cancelled', message: 'The step was stopped.', details })
}

/** Memory of the host that could not be had for a tensor. */
export function tensorTooLarge(bytes: number, shape: readonly number[]): RepriseError {
  return new RepriseError({
    code: 'out-of-memory',
    message: `Out of memory: a tensor [${shape.join(', ')}] of ${megabytes(bytes)} could not be made.`,
    fix: memoryFix,
    details: { neededBytes: bytes, shape: [...shape] },
  })
}

const memoryFix =
  'Take the batch in parts (a smaller batch size with more batches per step), use gradient checkpointing, or close other ' +
  'programs that use the device.'

function outOfMemory(message: string, details: { op: string }): RepriseError {
  const needed = refusedMemory(message)
  const op = operationInMessage(message) ?? details.op
  const tensor = needed?.shape ? ` for ${needed.dtype} [${needed.shape.join(', ')}]` : ''
  return new RepriseError({
    code: 'out-of-memory',
    message: `Out of memory in ${op}${needed ? `: ${megabytes(needed.bytes)}${tensor} could not be had` : ''}.`,
    found: message,
    fix: memoryFix,
    details: {
      ...details,
      op,
      ...(needed ? { neededBytes: needed.bytes } : {}),
      ...(needed?.shape ? { shape: needed.shape } : {}),
    },
  })
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`

/**
 * Reads "OOM when allocating tensor with shape[2,3] and type float", as allocators of CPU and GPU write it, or the bytes alone, as
 * XLA and the GPU's runtime do. Null where the message has neither.
 */
export function refusedMemory(message: string): RefusedMemory | null {
  const tensor = /OOM when allocating tensor with shape\s*\[([\d,\s]*)\] and type (\w+)/.exec(message)
  if (tensor) {
    const [, dims = '', dtype = ''] = tensor
    const shape = dims === '' ? [] : dims.split(',').map(Number)
    const size = dtypeBytes[DType[dtype as keyof typeof DType]]
    return size === undefined ? null : { bytes: shape.reduce((a, b) => a * b, size), shape, dtype }
  }
  const bytes = /(?:trying to allocate|failed to allocate)[^\d]*(\d+)\s*bytes|\((\d+)B\)|(\d+) bytes/i.exec(message)
  const found = bytes?.slice(1).find((digits) => digits !== undefined)
  return found === undefined ? null : { bytes: Number(found) }
}

/** The operation of the node that failed inside a function: Conv2D for Conv2D_12. */
function operationInMessage(message: string): string | null {
  return /\{\{node ([A-Za-z]\w*?)(?:_\d+)?\}\}/.exec(message)?.[1] ?? null
}
