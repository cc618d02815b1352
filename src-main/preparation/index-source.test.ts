import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { DetectedFiles, DetectedSource, FoundPicture } from '../engine/data/readers/reader.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { indexSource } from './index-source.ts'

const chunkPictures = 100

/** The listing of a made-up source: `chunks` of a hundred pictures. */
function source(chunks: number, bytes = (picture: number) => picture): DetectedSource & DetectedFiles {
  return {
    reader: 'class-folders',
    root: '/made/up',
    storage: 'files',
    label: 'Made up',
    reason: '',
    classes: ['all'],
    total: chunks * chunkPictures,
    async *pictures({ onProblem }) {
      for (let chunk = 0; chunk < chunks; chunk++) {
        onProblem({ name: `missing ${chunk}`, reason: 'There is no such file' })
        yield Array.from({ length: chunkPictures }, (_, i) => found(chunk * chunkPictures + i, bytes))
      }
    },
  }
}

function found(picture: number, bytes: (picture: number) => number): FoundPicture {
  const name = `all/${picture}.png`
  const location = { kind: 'file', path: name } as const
  return { name, location, bytes: bytes(picture), label: 0, part: null, group: 'all' }
}

const options = { onPictures: () => {}, signal: new AbortController().signal }

/** Lists three chunks in a process of its own, which is killed while it waits for the fourth. */
async function killedWhileListing(file: string, folder: string): Promise<void> {
  const program = join(folder, 'list.ts')
  const path = JSON.stringify(join(import.meta.dirname, 'index-source.ts'))
  writeFileSync(
    program,
    `import { indexSource } from ${path}
     const found = (name: string, bytes: number) =>
       ({ name, location: { kind: 'file', path: name }, bytes, label: 0, part: null, group: 'all' })
     const detected = {
       reader: 'class-folders', root: '/made/up', storage: 'files', label: '', reason: '', classes: ['all'], total: 500,
       async *pictures() {
         for (let n = 0; n < 300; n += 100) yield Array.from({ length: 100 }, (_, i) => found('all/' + (n + i) + '.png', n + i))
         process.send?.('listed')
         await new Promise((resolve) => setTimeout(resolve, 60_000))
       },
     }
     await indexSource(detected as never, ${JSON.stringify(file)}, { onPictures() {}, signal: new AbortController().signal })`,
  )
  const child = fork(program, { execArgv: [] })
  await new Promise((resolve) => child.once('message', resolve))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
}

it('goes on where a process that was killed had come to', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'index.db')
  await killedWhileListing(file, folder)
  const { index, resumedFrom, problems } = await indexSource(source(5), file, options)
  expect([resumedFrom, index.count(), problems.length]).toEqual([300, 500, 5])
  expect([...index.scan(500)].flat().map(({ name }) => name)).toEqual(
    Array.from({ length: 500 }, (_, i) => `all/${i}.png`),
  )
  index.close()
})

it('tells the same source by the same hash, however often it was interrupted', async () => {
  const folder = temporaryFolder()
  const hashes: string[] = []
  for (const [name, kept] of [
    ['once', 0],
    ['twice', 2],
    ['shorter', 6],
  ] as const) {
    const file = join(folder, name)
    if (kept > 0) (await indexSource(source(kept), file, options)).index.close()
    const { index, source: hash, resumedFrom } = await indexSource(source(5), file, options)
    expect([index.count(), resumedFrom]).toEqual([500, name === 'twice' ? 200 : 0])
    hashes.push(hash)
    index.close()
  }
  expect(new Set(hashes).size).toBe(1)
})

it('begins again where a picture that was listed has changed', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'index.db')
  ;(await indexSource(source(3), file, options)).index.close()
  const changed = source(5, (picture) => (picture === 150 ? 7 : picture))
  const { index, resumedFrom } = await indexSource(changed, file, options)
  expect([resumedFrom, index.count(), index.get(150)?.bytes]).toEqual([0, 500, 7])
  index.close()
})

it('begins again for another source', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'index.db')
  ;(await indexSource(source(3), file, options)).index.close()
  const { index, resumedFrom } = await indexSource({ ...source(4), root: '/elsewhere' }, file, options)
  expect([resumedFrom, index.count()]).toEqual([0, 400])
  index.close()
})
