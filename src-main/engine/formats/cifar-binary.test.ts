import { describe, expect, it } from 'vitest'
import { matchCifarBinary, parseCifarBinary } from './cifar-binary.ts'
import { truncations } from './damaged-inputs.ts'

const record = (...labels: number[]) => {
  const bytes = new Uint8Array(labels.length + 3072)
  bytes.set(labels)
  for (let i = 0; i < 3072; i++) bytes[labels.length + i] = Math.floor(i / 1024) * 100 + ((i % 1024) % 7)
  return bytes
}
const twoPictures = new Uint8Array([...record(3), ...record(9)])

describe('CIFAR binary', () => {
  it('turns colour planes into pixels', () => {
    const { images, labels, count } = parseCifarBinary(twoPictures, 10, 'batch')
    expect(count).toBe(2)
    expect([...labels]).toEqual([3, 9])
    expect([...images.subarray(0, 6)]).toEqual([0, 100, 200, 1, 101, 201])
    expect([...images.subarray(3072, 3075)]).toEqual([0, 100, 200])
  })

  it('tells CIFAR-10 from CIFAR-100 by record length and labels', () => {
    expect(matchCifarBinary(twoPictures)).toBe(10)
    expect(matchCifarBinary(record(19, 99))).toBe(100)
    expect(matchCifarBinary(record(20, 99))).toBeNull()
    expect(matchCifarBinary(record(10))).toBeNull()
    expect(matchCifarBinary(new Uint8Array())).toBeNull()
  })

  it('takes the fine label of CIFAR-100', () => {
    expect([...parseCifarBinary(record(19, 99), 100, 'train').labels]).toEqual([99])
  })

  it('says that a file was cut off', () => {
    for (const cut of truncations(twoPictures)) {
      if (cut.length % 3073 === 0 && cut.length > 0) continue
      expect(() => parseCifarBinary(cut, 10, 'batch')).toThrowError(expect.objectContaining({ code: 'data-truncated' }))
    }
  })

  it('names the record with an impossible label', () => {
    expect(() => parseCifarBinary(new Uint8Array([...record(1), ...record(10)]), 10, 'batch')).toThrowError(
      expect.objectContaining({ code: 'data-format', found: '10 in record 1' }),
    )
  })
})
