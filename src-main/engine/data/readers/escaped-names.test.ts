import { describe, expect, it } from 'vitest'
import { bytesOfName, displayName, nameOfBytes } from './escaped-names.ts'

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

describe('names of files', () => {
  it('keep UTF-8 as it is, and write other bytes as NUL and two hex digits', () => {
    expect(nameOfBytes(new TextEncoder().encode('🐈 猫 "it\'s".jpg'))).toBe('🐈 猫 "it\'s".jpg')
    expect(nameOfBytes(latin1('caf\xe9.jpg'))).toBe('caf\0e9.jpg')
    expect(nameOfBytes(latin1('\xff\xc3'))).toBe('\0ff\0c3')
    expect(nameOfBytes(latin1('\xef\xbb\xbfx'))).toBe('\ufeffx')
  })

  it('take overlong forms, surrogates and cut characters for other bytes', () => {
    expect(nameOfBytes(latin1('\xc0\xaf'))).toBe('\0c0\0af')
    expect(nameOfBytes(latin1('\xed\xa0\x80'))).toBe('\0ed\0a0\0' + '80')
    expect(nameOfBytes(latin1('\xe7\x8c'))).toBe('\0e7\0' + '8c')
    expect(nameOfBytes(latin1('\xe7\x8c\xabx\xf0\x9f'))).toBe('猫x\0f0\0' + '9f')
  })

  it('come back as the same bytes, whatever they are', () => {
    let state = 1
    for (let i = 0; i < 500; i++) {
      const bytes = Uint8Array.from({ length: i % 12 }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return 1 + ((state >>> 16) % 255)
      })
      expect(bytesOfName(nameOfBytes(bytes))).toEqual(bytes)
    }
  })

  it('are shown with a sign for each byte that cannot be', () => {
    expect(displayName('caf\0e9.jpg')).toBe('caf\ufffd.jpg')
  })
})
