import { fork } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Finding, FindingKind, PictureExamination } from '../shared/dataset-views.ts'
import { createPictureIndex, discardGrowingIndex, indexFile, openPictureIndex } from './open-index.ts'
import type { FindingMember, NewPicture, PictureIndex, PictureTraces } from './types.ts'

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-index-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, indexFile)
}

function picture(name: string, more: Partial<NewPicture> = {}): NewPicture {
  const group = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : ''
  return { name, location: { kind: 'file', path: name }, bytes: 100, label: 0, part: null, group, ...more }
}

/** A finished index of these pictures, open for reading and writing. */
function indexOf(pictures: NewPicture[], file = temporaryFile()): PictureIndex {
  const growing = createPictureIndex(file)
  growing.add(pictures)
  growing.finish()
  const index = openPictureIndex(file, { readonly: false })
  onTestFinished(() => index.close())
  return index
}

const zoo = () =>
  indexOf(
    ['cat/Kit.png', 'cat/tom.png', 'dog/rex.png', 'dog/TOM.png', 'dog/kit.png', 'owl/hoo.png'].map((name, i) =>
      picture(name, { label: ['cat', 'dog', 'owl'].indexOf(name.slice(0, 3)), part: i % 2 === 0 ? 'train' : 'test' }),
    ),
  )

const names = (page: { pictures: { name: string }[] }) => page.pictures.map(({ name }) => name)
const finding = (kind: FindingKind): Finding => ({
  kind,
  severity: 'warning',
  count: 2,
  excluded: 0,
  values: { share: 0.5 },
  listed: true,
  excludable: true,
})
const member = (picture: number, twin: number | null = null, score: number | null = null): FindingMember => ({
  picture,
  twin,
  score,
})

describe('pictures', () => {
  const pictures: NewPicture[] = [
    picture('train/n01/a b.JPEG', { bytes: 5_000_000_000, label: 65_535, part: 'val', group: 'camera 7' }),
    picture('\u0000ff\u0000fe/x\u0000e9.png', { label: 3 }),
    picture('"quotes\' 😀/ünïcode.webp'),
    picture('no folder'),
    picture('same name', { location: { kind: 'file', path: 'elsewhere/other.png' }, part: 'test' }),
    picture('a.tar/1.jpg', {
      location: { kind: 'part', path: '', offset: 2 ** 40, bytes: 90, packing: 'stored', unpackedBytes: 90 },
      bytes: 90,
    }),
    picture('b.zip/2.jpg', {
      location: { kind: 'part', path: 'x/b.zip', offset: 1, bytes: 7, packing: 'deflate', unpackedBytes: 100 },
    }),
    picture('c.parquet/3', {
      location: {
        kind: 'page',
        path: 'c.parquet',
        offset: 4,
        bytes: 900,
        packing: 'snappy',
        unpackedBytes: 4000,
        start: 12,
        length: 100,
      },
    }),
    picture('train/7', { location: { kind: 'pixels', set: 'train', index: 7 }, bytes: 0, group: '' }),
    picture('test/0', { location: { kind: 'pixels', set: 'test', index: 0 }, bytes: 0, part: 'test' }),
  ]

  it('come back as they were added, with their numbers', () => {
    const index = indexOf(pictures)
    expect(index.count()).toBe(pictures.length)
    for (const [i, { part: given, ...rest }] of pictures.entries()) {
      expect(index.get(i)).toEqual({ ...rest, picture: i, given, part: null, examination: null, excluded: false })
    }
    expect(index.get(pictures.length)).toBeNull()
    const scanned = [...index.scan(3)]
    expect(scanned.map((chunk) => chunk.length)).toEqual([3, 3, 3, 1])
    expect(scanned.flat().map(({ name }) => name)).toEqual(pictures.map(({ name }) => name))
  })

  it('are added all or none, and labels above 65,535 are refused', () => {
    const growing = createPictureIndex(temporaryFile())
    growing.add([picture('a/1'), picture('a/2')])
    expect(() => growing.add([picture('new/3'), picture('new/4', { label: 65_536 })])).toThrow(
      expect.objectContaining({ code: 'data-format', found: 'label 65536 of new/4' }),
    )
    expect(growing.count()).toBe(2)
    growing.add([picture('new/5')])
    expect(growing.get(2)?.name).toBe('new/5')
    growing.close()
  })

  it('that could not be had are kept with their reasons', () => {
    const index = zoo()
    index.addProblem({ name: 'gone.png', reason: 'There is no such file.' })
    index.addProblem({ name: 'b.png', reason: 'No label.' })
    expect(index.problems()).toEqual([
      { name: 'gone.png', reason: 'There is no such file.' },
      { name: 'b.png', reason: 'No label.' },
    ])
  })
})

describe('parts and exclusions', () => {
  it('decide what training gets', () => {
    const index = zoo()
    index.setParts(['train', 'train', 'val', 'train', null, 'test'])
    expect(index.partRows('train')).toEqual({
      count: 3,
      labels: Uint16Array.of(0, 0, 1),
      pictures: Uint32Array.of(0, 1, 3),
    })
    expect(index.setExcluded([1, 5], true)).toBe(2)
    expect(index.setExcluded([1], true)).toBe(0)
    expect([...index.partRows('train').pictures]).toEqual([0, 3])
    expect(index.partRows('test').count).toBe(0)
    expect(index.get(1)).toMatchObject({ excluded: true, part: 'train', given: 'test' })
    expect(index.classCounts()).toEqual([
      { label: 0, part: 'train', excluded: false, count: 1 },
      { label: 0, part: 'train', excluded: true, count: 1 },
      { label: 1, part: null, excluded: false, count: 1 },
      { label: 1, part: 'train', excluded: false, count: 1 },
      { label: 1, part: 'val', excluded: false, count: 1 },
      { label: 2, part: 'test', excluded: true, count: 1 },
    ])
    expect(index.setExcluded([1, 2, 5], false)).toBe(2)
    expect(index.partRows('test').count).toBe(1)
  })

  it('are seen at once by a process that has the index open', () => {
    const file = temporaryFile()
    const writer = indexOf([picture('a/1'), picture('a/2')], file)
    const reader = openPictureIndex(file, { readonly: true })
    expect(reader.page({ part: 'test' }, 0, 10).total).toBe(0)
    writer.setParts(['train', 'test'])
    expect(reader.page({ part: 'test' }, 0, 10).total).toBe(1)
    writer.setExcluded([1], true)
    expect(reader.partRows('test').count).toBe(0)
    expect(() => reader.setExcluded([0], true)).toThrow(/readonly/)
    reader.close()
  })

  it('of several changes are kept together or not at all', () => {
    const index = zoo()
    expect(() =>
      index.together(() => {
        index.setExcluded([0], true)
        index.setNote('fingerprint', 'changed')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(index.get(0)?.excluded).toBe(false)
    expect(index.page({ excluded: true }, 0, 1).total).toBe(0)
    expect(index.note('fingerprint')).toBeNull()
  })

  it('cover chunks of every length', () => {
    const file = temporaryFile()
    const growing = createPictureIndex(file)
    const count = 40_000
    for (let first = 0; first < count; first += 7000) {
      const end = Math.min(count, first + 7000)
      growing.add(
        Array.from({ length: end - first }, (_, i) => picture(`p/${first + i}`, { label: (first + i) % 601 })),
      )
    }
    growing.setParts(Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 'test' : 'train')))
    growing.setExcluded([16_383, 16_384, 39_999], true)
    growing.finish()
    const index = openPictureIndex(file, { readonly: true })
    const { labels, pictures } = index.partRows('test')
    expect(pictures.length).toBe(Math.ceil(count / 3) - 2)
    expect([...labels]).toEqual([...pictures].map((i) => i % 601))
    expect(index.page({ excluded: true }, 0, 9).pictures.map(({ picture }) => picture)).toEqual([
      16_383, 16_384, 39_999,
    ])
    index.close()
  })
})

describe('pages', () => {
  it('go through all pictures in the order of the source', () => {
    const index = zoo()
    expect(names(index.page({}, 0, 2))).toEqual(['cat/Kit.png', 'cat/tom.png'])
    expect(names(index.page({}, 4, 5))).toEqual(['dog/kit.png', 'owl/hoo.png'])
    expect(index.page({}, 9, 5)).toEqual({ total: 6, pictures: [] })
  })

  it('are narrowed by part, class, exclusion and a piece of the name', () => {
    const index = zoo()
    index.setParts(['train', 'test', 'train', 'test', 'train', 'test'])
    index.setExcluded([3], true)
    expect(names(index.page({ part: 'train', label: 1 }, 0, 9))).toEqual(['dog/rex.png', 'dog/kit.png'])
    expect(names(index.page({ excluded: true }, 0, 9))).toEqual(['dog/TOM.png'])
    expect(names(index.page({ text: 'tom' }, 0, 9))).toEqual(['cat/tom.png', 'dog/TOM.png'])
    expect(names(index.page({ text: 'T/K' }, 0, 9))).toEqual(['cat/Kit.png'])
    expect(names(index.page({ text: 'dog', excluded: false }, 1, 1))).toEqual(['dog/kit.png'])
    expect(names(index.page({ text: '%' }, 0, 9))).toEqual([])
  })

  it('of a finding list its pictures, pairs most alike first', () => {
    const index = zoo()
    index.setParts(['train', 'test', 'train', 'test', 'train', 'test'])
    index.setFinding(finding('near-leak'), [member(0, 5, 0.8), member(4, 1, 0.95), member(2, 3, 0.8)])
    index.setFinding(finding('cmyk'), [member(3), member(1)])
    const pairs = index.page({ finding: 'near-leak' }, 0, 2)
    expect(pairs.total).toBe(3)
    expect(pairs.pictures.map(({ picture, twin }) => [picture, twin?.twin, twin?.score])).toEqual([
      [4, 1, 0.95],
      [0, 5, 0.8],
    ])
    expect(names(index.page({ finding: 'near-leak', label: 1 }, 1, 9))).toEqual(['dog/rex.png'])
    expect(names(index.page({ finding: 'cmyk' }, 0, 9))).toEqual(['cat/tom.png', 'dog/TOM.png'])
    expect(names(index.page({ finding: 'near-leak', text: 'OT' }, 0, 9))).toEqual([])
    expect(names(index.page({ finding: 'near-leak', text: 'dog/', part: 'train' }, 0, 9))).toEqual([
      'dog/kit.png',
      'dog/rex.png',
    ])
    expect(index.page({ finding: 'alpha' }, 0, 9).total).toBe(0)
  })
})

describe('findings', () => {
  it('are replaced, keep their order, and count what is left out', () => {
    const index = zoo()
    index.setFinding(finding('copies'), [member(0, 1, 1), member(2, 3, 1)])
    index.setFinding(finding('tiny'), [member(4)])
    index.setFinding({ ...finding('copies'), count: 3 }, [member(0, 1, 1), member(2, 3, 1), member(4, 5, 1)])
    expect(index.findings().map(({ kind, count }) => [kind, count])).toEqual([
      ['copies', 3],
      ['tiny', 2],
    ])
    index.setExcluded([1, 4], true)
    expect(index.findings().map(({ excluded }) => excluded)).toEqual([2, 1])
    index.setExcluded([4], false)
    expect(index.findings().map(({ excluded }) => excluded)).toEqual([1, 0])
    expect(index.members('copies')).toEqual([member(0, 1, 1), member(2, 3, 1), member(4, 5, 1)])
  })
})

describe('examinations', () => {
  const examination: PictureExamination = {
    format: 'jpeg',
    width: 500,
    height: 375,
    mode: 'cmyk',
    depth: 8,
    alpha: false,
    frames: 1,
    orientation: 6,
    problem: null,
  }
  const traces: PictureTraces = {
    digest: Uint8Array.from({ length: 32 }, (_, i) => i),
    perceptual: Uint8Array.of(255, 0, 1, 2, 3, 4, 5, 6),
    sums: [1.5, 2 ** 40 + 0.5, 0],
    squares: [3, 4, 5],
    pixels: 187_500,
  }

  it('come back with the picture, and their traces in order', () => {
    const index = zoo()
    index.setParts(['train', 'test', 'train', 'test', 'train', 'test'])
    index.setExamination(2, examination, traces)
    const broken = { ...examination, format: null, problem: 'The file is empty.' }
    index.setExamination(4, broken, { digest: null, perceptual: null, sums: [], squares: [], pixels: 0 })
    expect(index.get(2)?.examination).toEqual(examination)
    expect(index.get(4)?.examination).toEqual(broken)
    const all = [...index.traces()]
    expect(all.map(({ picture, label, part }) => [picture, label, part])).toEqual([
      [0, 0, 'train'],
      [1, 0, 'test'],
      [2, 1, 'train'],
      [3, 1, 'test'],
      [4, 1, 'train'],
      [5, 2, 'test'],
    ])
    expect(all.map((row) => row.traces !== null)).toEqual([false, false, true, false, true, false])
    expect(all[2]?.traces?.digest).toEqual(Buffer.from(traces.digest ?? []))
    expect(all[2]?.traces).toMatchObject({ sums: traces.sums, squares: traces.squares, pixels: traces.pixels })
  })

  it('can be written while all pictures are gone through', () => {
    const index = zoo()
    for (const chunk of index.scan(2))
      for (const { picture } of chunk) index.setExamination(picture, examination, traces)
    expect([...index.traces()].filter((row) => row.traces !== null).length).toBe(6)
  })
})

describe('the file', () => {
  it('appears only when it is complete, and is replaced for those who have it open', () => {
    const file = temporaryFile()
    const first = createPictureIndex(file)
    first.add([picture('old/1'), picture('old/2')])
    first.setNote('checked', [1, 2])
    expect(existsSync(file)).toBe(false)
    first.finish()
    expect(readdirSync(join(file, '..'))).toEqual([indexFile])
    const reader = openPictureIndex(file, { readonly: true })
    expect(reader.count()).toBe(2)
    const second = createPictureIndex(file)
    second.add([picture('new/1')])
    expect(reader.get(0)?.name).toBe('old/1')
    second.finish()
    expect([reader.count(), reader.get(0)?.name, reader.get(1), reader.note('checked')]).toEqual([
      1,
      'new/1',
      null,
      null,
    ])
    reader.close()
  })

  it('that was begun and not finished goes on, unless it is discarded', () => {
    const file = temporaryFile()
    const begun = createPictureIndex(file)
    begun.add([picture('a/1')])
    begun.close()
    const again = createPictureIndex(file)
    expect(again.count()).toBe(1)
    again.add([picture('a/2')])
    expect(again.get(1)?.name).toBe('a/2')
    again.close()
    discardGrowingIndex(file)
    const fresh = createPictureIndex(file)
    expect(fresh.count()).toBe(0)
    fresh.close()
  })

  it('of a process that was killed while writing goes on with whole chunks', async () => {
    const file = temporaryFile()
    const program = join(file, '..', 'write.ts')
    const source = join(import.meta.dirname, 'open-index.ts')
    writeFileSync(
      program,
      `import { createPictureIndex } from ${JSON.stringify(source)}
       const index = createPictureIndex(${JSON.stringify(file)})
       for (let n = 0; ; n += 100) {
         index.add(Array.from({ length: 100 }, (_, i) => ({
           name: 'p/' + (n + i), location: { kind: 'file', path: 'p/' + (n + i) }, bytes: 1, label: n + i, part: null, group: 'p',
         })))
         if (n === 2000) process.send?.('busy')
       }`,
    )
    const child = fork(program, { execArgv: [] })
    await new Promise((resolve) => child.once('message', resolve))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const index = createPictureIndex(file)
    const count = index.count()
    expect(count).toBeGreaterThan(2000)
    expect(count % 100).toBe(0)
    expect(index.get(count - 1)).toMatchObject({ name: `p/${count - 1}`, label: count - 1 })
    index.close()
  })

  it('of another version, another kind or none is refused', () => {
    const file = temporaryFile()
    const open = () => openPictureIndex(file, { readonly: true })
    expect(open).toThrow(expect.objectContaining({ code: 'data-missing' }))
    const db = new Database(file)
    db.exec('CREATE TABLE pictures (x)')
    db.pragma('user_version = 99')
    db.close()
    expect(open).toThrow(expect.objectContaining({ code: 'database-newer', found: `version 99 in ${file}` }))
    writeFileSync(file, 'x'.repeat(5000))
    expect(open).toThrow(expect.objectContaining({ code: 'database-damaged' }))
    const growing = createPictureIndex(file)
    growing.add([picture('a/1')])
    growing.finish()
    const index = open()
    expect(index.count()).toBe(1)
    index.close()
  })
})
