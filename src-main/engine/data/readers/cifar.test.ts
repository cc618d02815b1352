import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { joined } from '../../formats/tar-writing.ts'
import { detectFixture, summaryOf, writeFiles } from './fixtures.ts'

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

const binaryFiles = {
  'data_batch_10.bin': binaryBatch(5),
  'data_batch_1.bin': binaryBatch(3, 9),
  'data_batch_2.bin': binaryBatch(4),
  'test_batch.bin': binaryBatch(0, 1, 2),
  'readme.html': '<p>CIFAR',
}

async function pixelsOf(files: Readonly<Record<string, Uint8Array | string>>) {
  const detected = await detectFixture(writeFiles(files))
  if (detected.storage !== 'pixels') throw new Error('files')
  return detected.read({ signal: new AbortController().signal })
}

describe('CIFAR files', () => {
  it('are read from the binary version, batches in the order of their numbers', async () => {
    const { train, test, shape, classes } = await pixelsOf(binaryFiles)
    expect(shape).toEqual([32, 32, 3])
    expect([...train.labels]).toEqual([3, 9, 4, 5])
    expect([...test.labels]).toEqual([0, 1, 2])
    expect([...train.images.subarray(3072, 3078)]).toEqual([1, 2, 3, 1, 2, 3])
    expect(classes[0]).toBe('airplane')
  })

  it('are the same in the pickles of Python 2', async () => {
    const pickles = { data_batch_1: pythonBatch(3, 9), test_batch: pythonBatch(7) }
    const binaries = { 'data_batch_1.bin': binaryBatch(3, 9), 'test_batch.bin': binaryBatch(7) }
    expect(await summaryOf(await detectFixture(writeFiles(pickles)))).toEqual(
      await summaryOf(await detectFixture(writeFiles(binaries))),
    )
  })

  it('are recognised by content under other names', async () => {
    const { train, test } = await pixelsOf({ 'part-one.dat': binaryBatch(3, 9), 'part-test.dat': binaryBatch(7) })
    expect([train.count, test.count]).toEqual([2, 1])
  })

  it('take their class names from the file beside them', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `kind ${i}`)
    const { classes } = await pixelsOf({ ...binaryFiles, 'batches.meta.txt': `${names.join('\n')}\n\n` })
    expect(classes).toEqual(names)
  })

  it('that were cut off are refused with what is missing', async () => {
    const folder = writeFiles(binaryFiles)
    truncateSync(join(folder, 'data_batch_1.bin'), 5000)
    await expect(detectFixture(folder).then(summaryOf)).rejects.toMatchObject({
      code: 'data-truncated',
      message: 'data_batch_1.bin ends inside a picture',
      found: '5000 bytes',
    })
  })

  it('without test pictures are refused', async () => {
    await expect(pixelsOf({ 'data_batch_1.bin': binaryBatch(3) })).rejects.toMatchObject({
      code: 'data-missing',
      found: 'data_batch_1.bin',
    })
  })

  it('of the Python version with labels of another number are refused', async () => {
    const files = { data_batch_1: pythonBatch(3, 200), test_batch: pythonBatch(1) }
    await expect(pixelsOf(files)).rejects.toMatchObject({ code: 'data-format', expected: 'labels below 10' })
  })

  it('are not seen in other pickles', async () => {
    const folder = writeFiles({ 'model.pkl': pythonBatch(1) })
    await expect(detectFixture(join(folder, 'model.pkl'))).rejects.toMatchObject({ code: 'data-format' })
  })
})
