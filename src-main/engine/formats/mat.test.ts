import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { matchMat, readMat } from './mat.ts'
import { readTar } from './tar.ts'

// Written by scipy.io.savemat: see tools/fixtures/make_readers.py.
const fixtures = join(import.meta.dirname, '..', '..', '..', 'tools', 'fixtures')

function fileOf(fixture: string, path: string): Uint8Array {
  const tar = gunzipSync(readFileSync(join(fixtures, `${fixture}.tar.gz`)))
  const file = readTar(tar, fixture).find(({ name }) => name === path)
  if (file === undefined) throw new Error(`no ${path}`)
  return file.data
}

const plain = fileOf('svhn/plain', 'train_32x32.mat')
const compressed = fileOf('svhn/compressed', 'test_32x32.mat')
const kit = fileOf('imagenet/folders', 'ILSVRC2012_devkit_t12/data/meta.mat')

describe('MAT files', () => {
  it('give numbers with their shape, compressed or not, and whatever their type', () => {
    const one = readMat(plain, 'a.mat', ['X', 'y'])
    expect(one.get('X')).toMatchObject({ kind: 'numbers', shape: [32, 32, 3, 3] })
    expect(one.get('y')).toMatchObject({ kind: 'numbers', shape: [3, 1], data: { 0: 10, 1: 3, 2: 1, length: 3 } })
    const two = readMat(compressed, 'a.mat', ['y', 'z'])
    expect([...two.keys()]).toEqual(['y'])
    const y = two.get('y')
    expect(y?.kind === 'numbers' && [...y.data]).toEqual([7, 10])
  })

  it('give arrays of structures', () => {
    const synsets = readMat(kit, 'meta.mat', ['synsets']).get('synsets')
    if (synsets?.kind !== 'records') throw new Error('no records')
    expect(synsets.shape).toEqual([4, 1])
    expect(synsets.records.map((record) => record.get('WNID'))).toEqual(
      ['n02119789', 'n03126707', 'n01440764', 'n00015388'].map((text) => ({ kind: 'text', text })),
    )
    expect(synsets.records.map((record) => record.get('ILSVRC2012_ID'))).toMatchObject(
      [1, 2, 3, 4].map((id) => ({ kind: 'numbers', shape: [1, 1], data: { 0: id } })),
    )
  })

  it('of version 7.3 and of other programs are refused', () => {
    const newer = plain.slice(0, 200)
    newer.set([0, 2], 124)
    expect(matchMat(newer)).toBe(true)
    expect(() => readMat(newer, 'a.mat', ['X'])).toThrow(
      expect.objectContaining({ message: 'a.mat is a MAT file of version 7.3, which is not read' }),
    )
    expect(matchMat(new Uint8Array(500))).toBe(false)
    expect(() => readMat(new Uint8Array(500), 'a.mat', ['X'])).toThrow(expect.objectContaining({ code: 'data-format' }))
  })

  it('that are damaged are refused with a reason', () => {
    for (const whole of [plain, compressed, kit]) {
      for (const bytes of [...truncations(whole, 150), ...corruptions(whole, 300)]) {
        try {
          readMat(bytes, 'a.mat', ['X', 'y', 'synsets'])
        } catch (error) {
          if (!(error instanceof RepriseError)) throw error
          expect(error.code).toMatch(/^data-(truncated|format)$/)
        }
      }
    }
  })
})
