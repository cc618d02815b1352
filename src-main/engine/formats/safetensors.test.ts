import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { float32Values, readSafetensors, writeSafetensors } from './safetensors.ts'

// Written by the safetensors library for Python: w float32 [2, 3] = 0, .25 ... 1.25; b int64 [1, 2]; half float16 [1.5];
// flag bool [true, false]; scalar int32 7; metadata epoch = "3".
const reference =
  'QAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJlcG9jaCI6IjMifSwiYiI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwidyI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMTYsNDBdfSwic2NhbGFyIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls0MCw0NF19LCJoYWxmIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNDQsNDZdfSwiZmxhZyI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls0Niw0OF19fSAgIAEAAAAAAAAAAgAAAAAAAAAAAAAAAACAPgAAAD8AAEA/AACAPwAAoD8HAAAAAD4BAA=='
const referenceBytes = new Uint8Array(Buffer.from(reference, 'base64'))

function fileOf(header: string, values = 0): Uint8Array {
  const text = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + text.length + values)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const entry = (begin: number, end: number, shape = '[1]', dtype = 'F32') =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`

describe('safetensors', () => {
  it("reads what the format's own library writes", () => {
    const { tensors, metadata } = readSafetensors(referenceBytes)
    expect(metadata).toEqual({ epoch: '3' })
    const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
    const w = byName.get('w')
    if (w === undefined) throw new Error('no tensor w')
    expect(w.shape).toEqual([2, 3])
    expect([...float32Values(w)]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25])
    expect(byName.get('scalar')).toMatchObject({ dtype: 'I32', shape: [], data: Uint8Array.of(7, 0, 0, 0) })
    expect([...byName.keys()]).toEqual(['b', 'w', 'scalar', 'half', 'flag'])
  })

  it('gives back what it wrote, whatever the names and types', () => {
    const file = writeSafetensors(
      [
        { name: 'steps', dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) },
        { name: '__proto__', dtype: 'F32', shape: [1, 2], data: Float32Array.of(1.5, -2) },
        { name: 'größe', dtype: 'I64', shape: [], data: BigInt64Array.of(-5n) },
        { name: 'empty', dtype: 'F32', shape: [0, 4], data: new Float32Array() },
        { name: '1', dtype: 'BF16', shape: [1], data: Uint16Array.of(0x3fc0) },
      ],
      { step: '12' },
    )
    const { tensors, metadata } = readSafetensors(file)
    expect(metadata).toEqual({ step: '12' })
    expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['größe', 'I64', []],
      ['__proto__', 'F32', [1, 2]],
      ['empty', 'F32', [0, 4]],
      ['1', 'BF16', [1]],
      ['steps', 'U8', [3]],
    ])
    const [, proto] = tensors
    if (proto === undefined) throw new Error('no second tensor')
    expect([...float32Values(proto)]).toEqual([1.5, -2])
  })

  it('reads floats from bytes that are not aligned', () => {
    const moved = new Uint8Array(referenceBytes.length + 1)
    moved.set(referenceBytes, 1)
    const w = readSafetensors(moved.subarray(1)).tensors.find(({ name }) => name === 'w')
    if (w === undefined) throw new Error('no tensor w')
    expect([...float32Values(w)]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25])
  })

  it('refuses to write data that does not fit its shape, or a name twice', () => {
    const one = { name: 'w', dtype: 'F32', shape: [1], data: Float32Array.of(1) } as const
    expect(() => writeSafetensors([{ ...one, shape: [2] }])).toThrowError(RepriseError)
    expect(() => writeSafetensors([one, one])).toThrowError(RepriseError)
  })

  it.each([
    ['a header length beyond the file', fileOf('{}').fill(0xff, 0, 8)],
    ['a header that is no JSON', fileOf('{"a":')],
    ['a header that is a list', fileOf('[]')],
    ['a gap', fileOf(`{"a":${entry(4, 8)}}`, 8)],
    ['an overlap', fileOf(`{"a":${entry(0, 4)},"b":${entry(0, 4)}}`, 4)],
    ['bytes that belong to no tensor', fileOf(`{"a":${entry(0, 4)}}`, 5)],
    ['an end beyond the file', fileOf(`{"a":${entry(0, 8, '[2]')}}`, 4)],
    ['a size that is not that of the shape', fileOf(`{"a":${entry(0, 4, '[2]')}}`, 4)],
    ['a shape too large to count', fileOf(`{"a":${entry(0, 4, '[9007199254740991,8]')}}`, 4)],
    ['a negative size', fileOf(`{"a":${entry(0, 4, '[-1]')}}`, 4)],
    ['offsets in the wrong order', fileOf(`{"a":${entry(4, 0)}}`, 4)],
    ['an unknown type', fileOf(`{"a":${entry(0, 4, '[1]', 'toString')}}`, 4)],
    ['metadata that is no text', fileOf('{"__metadata__":{"step":3}}')],
  ])('refuses %s', (_, file) => {
    expect(() => readSafetensors(file)).toThrowError(expect.objectContaining({ code: 'checkpoint-damaged' }))
  })

  it('answers damage with errors of its own only', () => {
    for (const cut of truncations(referenceBytes)) expect(() => readSafetensors(cut)).toThrowError(RepriseError)
    for (const damaged of corruptions(referenceBytes)) {
      try {
        readSafetensors(damaged)
      } catch (error) {
        expect(error).toBeInstanceOf(RepriseError)
      }
    }
  })
})
