// Floating-point tensors of any width as float32, the type that networks hold their weights in.
import { RepriseError } from '../../shared/errors.ts'
import { float32Values, type SafetensorsTensor } from './safetensors.ts'

/**
 * The values of an F32, F64, F16 or BF16 tensor; F64 is rounded to nearest, the others are exact.
 * Throws `data-format` for integers and booleans, which are no weights, and for 8-bit floats.
 */
export function toFloat32(tensor: SafetensorsTensor): Float32Array {
  switch (tensor.dtype) {
    case 'F32':
      return float32Values(tensor)
    case 'F64':
      return Float32Array.from(new Float64Array(aligned(tensor.data)))
    case 'F16':
      return Float32Array.from(new Uint16Array(aligned(tensor.data)), halfToFloat)
    case 'BF16': {
      const bits = Uint32Array.from(new Uint16Array(aligned(tensor.data)), (half) => half << 16)
      return new Float32Array(bits.buffer)
    }
    default:
      throw new RepriseError({
        code: 'data-format',
        message: `The tensor ${tensor.name} cannot be a weight`,
        expected: 'values of type F32, F64, F16 or BF16',
        found: tensor.dtype,
        fix: 'Convert it to float32 where the file was made.',
      })
  }
}

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent, 10 of fraction. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** A copy whose start suits every value type. */
function aligned(data: Uint8Array): ArrayBuffer {
  return new Uint8Array(data).buffer
}
