import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { readPickle } from './pickle.ts'

// Written by Python 3 with numpy 2: pickle.dumps({b'labels': [3, 9], b'data': numpy.arange(6, dtype='u1').reshape(2, 3),
// b'filenames': [b'a.png', b'b.png'], b'more': (None, True, -1.5, 2**40, 300)}, protocol=...)
const written = {
  2: 'gAJ9cQAoY19jb2RlY3MKZW5jb2RlCnEBWAYAAABsYWJlbHNxAlgGAAAAbGF0aW4xcQOGcQRScQVdcQYoSwNLCWVoAVgEAAAAZGF0YXEHaAOGcQhScQljbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQpjbnVtcHkKbmRhcnJheQpxC0sAhXEMaAFYAQAAAGJxDWgDhnEOUnEPh3EQUnERKEsBSwJLA4ZxEmNudW1weQpkdHlwZQpxE1gCAAAAdTFxFImIh3EVUnEWKEsDWAEAAAB8cRdOTk5K/////0r/////SwB0cRhiiWgBWAYAAAAAAQIDBAVxGWgDhnEaUnEbdHEcYmgBWAkAAABmaWxlbmFtZXNxHWgDhnEeUnEfXXEgKGgBWAUAAABhLnBuZ3EhaAOGcSJScSNoAVgFAAAAYi5wbmdxJGgDhnElUnEmZWgBWAQAAABtb3JlcSdoA4ZxKFJxKShOiEe/+AAAAAAAAIoGAAAAAAABTSwBdHEqdS4=',
  4: 'gASV7QAAAAAAAAB9lChDBmxhYmVsc5RdlChLA0sJZUMEZGF0YZSMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwOGlGgHjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYolDBgABAgMEBZR0lGJDCWZpbGVuYW1lc5RdlChDBWEucG5nlEMFYi5wbmeUZUMEbW9yZZQoTohHv/gAAAAAAACKBgAAAAAAAU0sAXSUdS4=',
  5: 'gAWV2AAAAAAAAAB9lChDBmxhYmVsc5RdlChLA0sJZUMEZGF0YZSME251bXB5Ll9jb3JlLm51bWVyaWOUjAtfZnJvbWJ1ZmZlcpSTlCiWBgAAAAAAAAAAAQIDBAWUjAVudW1weZSMBWR0eXBllJOUjAJ1MZSJiIeUUpQoSwOMAXyUTk5OSv////9K/////0sAdJRiSwJLA4aUjAFDlHSUUpRDCWZpbGVuYW1lc5RdlChDBWEucG5nlEMFYi5wbmeUZUMEbW9yZZQoTohHv/gAAAAAAACKBgAAAAAAAU0sAXSUdS4=',
}
// pickle.dumps of an object whose __reduce__ gives os.system and a shell command.
const callsTheShell = 'gASVKwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjBB0b3VjaCAvdG1wL25ldmVylIWUUpQu'

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('restricted pickle reader', () => {
  for (const [protocol, base64] of Object.entries(written)) {
    it(`reads dicts, lists and numpy arrays of protocol ${protocol}`, () => {
      const value = readPickle(bytesOf(base64), 'batch')
      if (!(value instanceof Map)) throw new Error('expected a dict')
      expect(value.get('labels')).toEqual([3, 9])
      expect(value.get('data')).toMatchObject({ kind: 'array', dtype: 'u1', shape: [2, 3], columnMajor: false })
      expect(value.get('data')).toMatchObject({ data: Uint8Array.of(0, 1, 2, 3, 4, 5) })
      expect(value.get('filenames')).toEqual([
        Uint8Array.from(Buffer.from('a.png')),
        Uint8Array.from(Buffer.from('b.png')),
      ])
      expect(value.get('more')).toEqual([null, true, -1.5, 2 ** 40, 300])
    })

    it(`answers damage to protocol ${protocol} with errors of its own only`, () => {
      const bytes = bytesOf(base64)
      for (const cut of truncations(bytes)) {
        expect(() => readPickle(cut, 'batch')).toThrowError(RepriseError)
      }
      for (const damaged of corruptions(bytes)) {
        try {
          readPickle(damaged, 'batch')
        } catch (error) {
          expect(error).toBeInstanceOf(RepriseError)
        }
      }
    })
  }

  it('reads byte strings as Python 2 wrote them', () => {
    const bytes = Uint8Array.of(0x80, 2, 0x7d, 0x28, 0x55, 1, 0x61, 0x54, 2, 0, 0, 0, 0xff, 0xfe, 0x75, 0x2e)
    expect(readPickle(bytes, 'batch')).toEqual(new Map([['a', Uint8Array.of(0xff, 0xfe)]]))
  })

  it('names a function that a file wants called, and does not call it', () => {
    expect(() => readPickle(bytesOf(callsTheShell), 'batch')).toThrowError(
      expect.objectContaining({ code: 'data-format', found: 'a call of posix.system, which was not run' }),
    )
  })

  it('refuses text pickles of protocol 0', () => {
    expect(() => readPickle(new TextEncoder().encode('(dp0\n.'), 'batch')).toThrowError(
      expect.objectContaining({ code: 'data-format' }),
    )
  })
})
