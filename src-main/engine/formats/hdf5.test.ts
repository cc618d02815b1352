import h5wasm, { File } from 'h5wasm'
import { describe, expect, it } from 'vitest'
import { type Hdf5Group, withHdf5 } from './hdf5.ts'

/** The bytes of a file that `fill` writes. */
async function written(fill: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready
  const file = new File('/written.h5', 'w')
  fill(file)
  file.close()
  return FS.readFile('/written.h5')
}

const first = (root: Hdf5Group) => root.datasets.get('values')?.read('values')

describe('HDF5 files', () => {
  it.each([
    ['<f', 'F32', Float32Array],
    ['<d', 'F64', Float64Array],
    ['<i', 'I32', Int32Array],
  ] as const)('reads values of type %s', async (dtype, name, Values) => {
    const bytes = await written((file) => {
      file.create_dataset({ name: 'values', data: [1, 2, 3, 4, 5, 6], shape: [2, 3], dtype })
      file.create_attribute('layer_names', ['one', 'two'])
    })
    const read = await withHdf5(bytes, 'a.h5', (root) => ({
      tensor: first(root),
      names: root.attributes.get('layer_names'),
    }))
    expect(read.tensor).toMatchObject({ dtype: name, shape: [2, 3] })
    expect(read.tensor?.data).toEqual(new Uint8Array(Values.of(1, 2, 3, 4, 5, 6).buffer))
    expect(read.names).toEqual(['one', 'two'])
  })

  it('does not follow links to other files', async () => {
    const bytes = await written((file) => file.create_external_link('other.h5', '/values', 'values'))
    await expect(withHdf5(bytes, 'a.h5', first)).rejects.toMatchObject({ found: 'values, which leads elsewhere' })
  })

  it('ends on groups that hold themselves', async () => {
    const bytes = await written((file) => {
      for (const name of ['a', 'b', 'c']) file.create_hard_link('/', name)
    })
    await expect(withHdf5(bytes, 'a.h5', first)).rejects.toMatchObject({ expected: 'groups at most 24 deep' })
  })

  it('does not unpack far more values than the file has bytes', async () => {
    const bytes = await written((file) => {
      const shapes = { shape: [100, 16], maxshape: [2 ** 30, 16], chunks: [100, 16] }
      const dataset = file.create_dataset({ name: 'values', data: new Float32Array(1600), dtype: '<f', ...shapes })
      dataset.resize([2 ** 30, 16])
    })
    await expect(withHdf5(bytes, 'a.h5', first)).rejects.toMatchObject({
      expected: 'datasets of about its own size',
      found: '[1073741824,16] in values',
    })
  })

  it.each([
    ['<i', new Uint8Array(Int32Array.of(7).buffer)],
    ['<q', new Uint8Array(BigInt64Array.of(7n).buffer)],
  ] as const)('reads a single value of type %s, such as the count of a Normalization', async (dtype, data) => {
    const value = dtype === '<q' ? BigInt64Array.of(7n) : [7]
    const bytes = await written((file) => file.create_dataset({ name: 'values', data: value, shape: [], dtype }))
    expect(await withHdf5(bytes, 'a.h5', first)).toMatchObject({ shape: [], data })
  })

  it('refuses other integers', async () => {
    const bytes = await written((file) => file.create_dataset({ name: 'values', data: [1, 2], dtype: '<h' }))
    await expect(withHdf5(bytes, 'a.h5', first)).rejects.toMatchObject({
      expected: 'floats or integers of 32 or 64 bits in values',
      found: '<h',
    })
  })
})
