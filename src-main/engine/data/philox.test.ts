import { describe, expect, it } from 'vitest'
import { type PhiloxCounter, type PhiloxKey, philox4x32, scaleWord } from './philox.ts'

// Known answers of the Random123 distribution (tests/kat_vectors, philox4x32 with 10 rounds).
const known: [PhiloxCounter, PhiloxKey, string][] = [
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
]

describe('Philox4x32-10', () => {
  it.each(known)('gives the known answer for counter %j', (counter, key, answer) => {
    const words = new Uint32Array(4)
    philox4x32(counter, key, words)
    expect(Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(answer)
  })

  it('scales the whole range of words to the whole range of numbers', () => {
    expect(scaleWord(0, 5)).toBe(0)
    expect(scaleWord(0xffffffff, 5)).toBe(4)
    expect(scaleWord(0x80000000, 5)).toBe(2)
  })
})
