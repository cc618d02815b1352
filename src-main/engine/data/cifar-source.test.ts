import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { joined, tarOf } from '../formats/tar-writing.ts'
import { detectData } from './detect-data.ts'
import { loadDataset } from './load-dataset.ts'
import { prepareDataset } from './prepare-dataset.ts'
import { jobIn, recordingOptions, temporaryFolder } from './temporary-folder.ts'

/** A batch of the binary version; every plane of picture i is filled with i + 0, 1 and 2. */
function binaryBatch(...labels: number[]): Uint8Array {
  return joined(
    labels.map((label, i) => {
      const record = new Uint8Array(3073)
      record[0] = label
      for (let plane = 0; plane < 3; plane++) record.fill(i + plane, 1 + plane * 1024, 1 + (plane + 1) * 1024)
      return record
    }),
  )
}

/** The same as a pickle with byte strings, as Python 2 wrote them: {'labels': [...], 'data': array of u1}. */
function pythonBatch(...labels: number[]): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value)
  const short = (value: string) => joined([Uint8Array.of(0x55, value.length), text(value)])
  const rows = joined(labels.map((_, i) => binaryBatch(...labels).subarray(i * 3073 + 1, (i + 1) * 3073)))
  const size = new Uint8Array(Uint32Array.of(rows.length).buffer)
  return joined([
    Uint8Array.of(0x80, 2, 0x7d, 0x28),
    short('labels'),
    Uint8Array.of(0x5d, 0x28, ...labels.flatMap((label) => [0x4b, label]), 0x65),
    short('data'),
    text('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n'),
    Uint8Array.of(0x4b, 0, 0x85),
    short('b'),
    Uint8Array.of(0x87, 0x52, 0x28, 0x4b, 1, 0x4b, labels.length, 0x4d, 0, 12, 0x86),
    text('cnumpy\ndtype\n'),
    short('u1'),
    Uint8Array.of(0x4b, 0, 0x4b, 1, 0x87, 0x52, 0x28, 0x4b, 3),
    short('|'),
    Uint8Array.of(
      0x4e,
      0x4e,
      0x4e,
      0x4a,
      255,
      255,
      255,
      255,
      0x4a,
      255,
      255,
      255,
      255,
      0x4b,
      0,
      0x74,
      0x62,
      0x89,
      0x54,
    ),
    size,
    rows,
    Uint8Array.of(0x74, 0x62, 0x75, 0x2e),
  ])
}

function writeFolder(folder: string, files: Record<string, Uint8Array | string>): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

async function prepare(folder: string, path: string) {
  const job = jobIn(folder, { datasetId: 'mine', path })
  await prepareDataset(job, recordingOptions(folder))
  return loadDataset('mine', { datasetsDir: job.datasetsDir })
}

const binaryFiles = {
  'data_batch_10.bin': binaryBatch(5),
  'data_batch_1.bin': binaryBatch(3, 9),
  'data_batch_2.bin': binaryBatch(4),
  'test_batch.bin': binaryBatch(0, 1, 2),
  'readme.html': '<p>CIFAR',
}

describe('CIFAR files of the user', () => {
  it('are read from the binary version, batches in the order of their numbers', async () => {
    const folder = temporaryFolder()
    const { train, test, shape, summary } = await prepare(folder, writeFolder(join(folder, 'bin'), binaryFiles))
    expect(shape).toEqual([32, 32, 3])
    expect([...train.labels]).toEqual([3, 9, 4, 5])
    expect([...test.labels]).toEqual([0, 1, 2])
    expect([...train.images.subarray(3072, 3078)]).toEqual([1, 2, 3, 1, 2, 3])
    expect(summary).toMatchObject({ benchmark: false, label: 'bin' })
    expect(summary.classes[0]).toBe('airplane')
  })

  it('are the same data in every form: folder, folder in a folder, archive, Python version', async () => {
    const folder = temporaryFolder()
    const two = { 'data_batch_1.bin': binaryBatch(3, 9), 'test_batch.bin': binaryBatch(7) }
    const archived = Object.fromEntries(
      Object.entries(two).map(([name, data]) => [`cifar-10-batches-bin/${name}`, data]),
    )
    writeFolder(join(folder, 'outer', 'inner'), two)
    writeFileSync(join(folder, 'cifar.tar.gz'), gzipSync(tarOf(archived)))
    writeFolder(join(folder, 'py'), { data_batch_1: pythonBatch(3, 9), test_batch: pythonBatch(7) })
    const prints = new Set<string>()
    for (const path of ['outer', 'cifar.tar.gz', 'py', 'py/test_batch', 'outer/inner/test_batch.bin']) {
      prints.add((await prepare(folder, join(folder, path))).summary.fingerprint)
    }
    expect(prints.size).toBe(1)
  })

  it('take their class names from the file beside them', async () => {
    const folder = temporaryFolder()
    const names = Array.from({ length: 10 }, (_, i) => `kind ${i}`)
    const path = writeFolder(join(folder, 'bin'), { ...binaryFiles, 'batches.meta.txt': `${names.join('\n')}\n\n` })
    expect((await prepare(folder, path)).summary.classes).toEqual(names)
  })

  it('that were cut off are refused with what is missing', async () => {
    const folder = temporaryFolder()
    const path = writeFolder(join(folder, 'bin'), binaryFiles)
    truncateSync(join(path, 'data_batch_1.bin'), 5000)
    await expect(prepare(folder, path)).rejects.toMatchObject({
      code: 'data-truncated',
      message: 'data_batch_1.bin ends inside a picture',
      found: '5000 bytes',
    })
  })

  it('without test pictures are refused', async () => {
    const folder = temporaryFolder()
    const path = writeFolder(join(folder, 'bin'), { 'data_batch_1.bin': binaryBatch(3) })
    await expect(prepare(folder, path)).rejects.toMatchObject({ code: 'data-missing', found: 'data_batch_1.bin' })
  })

  it('of the Python version with labels of another number are refused', async () => {
    const folder = temporaryFolder()
    const batch = pythonBatch(3, 200)
    const path = writeFolder(join(folder, 'py'), { data_batch_1: batch, test_batch: pythonBatch(1) })
    await expect(prepare(folder, path)).rejects.toMatchObject({ code: 'data-format', expected: 'labels below 10' })
  })
})

describe('detection', () => {
  it('says by what the data was recognised', async () => {
    const folder = temporaryFolder()
    expect(await detectData(writeFolder(join(folder, 'bin'), binaryFiles))).toMatchObject({
      format: 'cifar-binary',
      reason: '4 files consist of CIFAR records (3,073 or 3,074 bytes with a valid label).',
    })
    const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0)
    expect(
      await detectData(writeFolder(join(folder, 'idx'), { anything: labels, 'x-ubyte.gz': gzipSync(labels) })),
    ).toMatchObject({
      format: 'idx',
      reason: '2 files begin with the IDX magic number.',
    })
  })

  it('refuses a file of another kind and an archive of other things', async () => {
    const folder = temporaryFolder()
    writeFolder(folder, {
      'notes.txt': 'hello',
      'model.pkl': pythonBatch(1),
      'other.tar': tarOf({ 'a.txt': Uint8Array.of(1) }),
    })
    for (const name of ['notes.txt', 'model.pkl', 'other.tar']) {
      await expect(detectData(join(folder, name))).rejects.toMatchObject({ code: 'data-format' })
    }
  })
})
