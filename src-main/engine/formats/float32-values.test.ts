import { describe, expect, it } from 'vitest'
import { weightFile } from '../../../tools/oracle/read-weights.ts'
import { toFloat32 } from './float32-values.ts'
import { readTorchCheckpoint } from './torch-checkpoint.ts'

const tensor = (dtype: 'F16' | 'BF16', ...bits: number[]) => {
  const data = new Uint8Array(Uint16Array.from(bits).buffer)
  return { name: 't', dtype, shape: [bits.length], data }
}

describe('weights of any width as float32', () => {
  it('agrees with the float32 values of the same tensor up to each type’s own rounding', async () => {
    const { tensors } = await readTorchCheckpoint(weightFile('every-type-zip.pth'), 'every-type.pth')
    const byType = new Map(tensors.map((each) => [each.dtype, each]))
    const values = (dtype: 'F32' | 'F64' | 'F16' | 'BF16') => {
      const found = byType.get(dtype)
      if (!found) throw new Error(`no ${dtype}`)
      return toFloat32(found)
    }
    const exact = values('F32')
    expect(values('F64')).toEqual(exact)
    for (const [dtype, bits] of [
      ['F16', 11],
      ['BF16', 8],
    ] as const) {
      for (const [i, value] of values(dtype).entries()) {
        const error = Math.abs(value - (exact[i] ?? 0)) / Math.abs(exact[i] ?? 1)
        expect(error).toBeLessThanOrEqual(2 ** -bits)
        expect(error).toBeGreaterThan(0)
      }
    }
  })

  it('knows the ends of binary16: zeros, the smallest, the largest, infinities', () => {
    const values = toFloat32(
      tensor('F16', 0, 0x8000, 1, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00),
    )
    const largestSubnormal = 1023 * 2 ** -24
    expect([...values]).toEqual([
      0,
      -0,
      2 ** -24,
      largestSubnormal,
      2 ** -14,
      1,
      -2,
      65504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ])
  })

  it('takes bfloat16 as the upper half of a float32', () => {
    expect([...toFloat32(tensor('BF16', 0x3f80, 0xc000, 0x7f80, 0x8000))]).toEqual([
      1,
      -2,
      Number.POSITIVE_INFINITY,
      -0,
    ])
  })

  it('refuses integers', async () => {
    const { tensors } = await readTorchCheckpoint(weightFile('every-type-zip.pth'), 'every-type.pth')
    for (const each of tensors.filter(({ dtype }) => !dtype.includes('F'))) {
      expect(() => toFloat32(each)).toThrowError(expect.objectContaining({ code: 'data-format', found: each.dtype }))
    }
  })
})
