import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { weightFile, weightFileOracles } from '../../../tools/oracle/read-weights.ts'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import type { SafetensorsTensor } from './safetensors.ts'
import { readTorchCheckpoint } from './torch-checkpoint.ts'

const described = ({ name, dtype, shape, data }: SafetensorsTensor) => ({
  name,
  dtype,
  shape,
  sha256: createHash('sha256').update(data).digest('hex'),
})

const containers = ['zip', 'legacy']

/** The text with another of the same length in its place, everywhere. */
function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  expect(text).toContain(from)
  return new Uint8Array(Buffer.from(text.replaceAll(from, to), 'latin1'))
}

describe('PyTorch checkpoints', () => {
  for (const { file, tensors } of weightFileOracles().filter(({ file }) => file.endsWith('.pth'))) {
    it(`reads ${file} bit for bit as torch.load does`, async () => {
      const read = await readTorchCheckpoint(weightFile(file), file)
      expect(read.tensors.map(described)).toEqual(tensors)
    })
  }

  it.each(containers)('says where the weights of a training state lay (%s)', async (container) => {
    const { notes } = await readTorchCheckpoint(weightFile(`training-state-${container}.pth`), 'state.pth')
    expect(notes).toEqual([
      'The weights lie under "state_dict" in the file. It also holds epoch, arch, best, optimizer, which are not read.',
      'Every name began with "module.", as torch.nn.DataParallel writes it; it is left out.',
    ])
  })

  it('names the function that a file wants called, and does not call it', async () => {
    await expect(readTorchCheckpoint(weightFile('call.pth'), 'call.pth')).rejects.toMatchObject({
      code: 'data-format',
      found: 'a call of posix.system, which was not run',
    })
  })

  it('refuses a module saved whole, whose classes would have to be run', async () => {
    await expect(readTorchCheckpoint(weightFile('whole-module.pth'), 'module.pth')).rejects.toMatchObject({
      found: 'a call of torch.nn.modules.container.Sequential, which was not run',
      fix: expect.stringContaining('torch.save(model.state_dict(), path)'),
    })
  })

  it('refuses a storage that claims more values than the file has', async () => {
    // The high bytes of each count that stands before the values.
    const enlarged = replaced(weightFile('network-legacy.pth'), '0\0\0\0\0\0\0\0', '0\0\0\0\0\0\xff\x7f')
    await expect(readTorchCheckpoint(enlarged, 'more.pth')).rejects.toMatchObject({ code: 'data-truncated' })
  })

  it('refuses a shape that reaches outside its storage', async () => {
    // The shape (5,) with stride (1,) of fc.bias becomes (9,).
    const bytes = replaced(weightFile('network-legacy.pth'), 'K\x05\x85', 'K\x09\x85')
    await expect(readTorchCheckpoint(bytes, 'outside.pth')).rejects.toMatchObject({
      code: 'data-format',
      message: 'The tensor fc.bias cannot be read',
      found: 'a value at 8',
    })
  })

  it('does not expand a few bytes to any amount of memory', async () => {
    // The shape (4, 3) with strides (0, 1) of `repeated` becomes (2^31 - 1, 3).
    const legacy = Buffer.from(weightFile('strided-legacy.pth')).toString('latin1')
    const at = legacy.indexOf('K\x04K\x03\x86')
    expect(at).toBeGreaterThan(0)
    const bytes = Buffer.from(`${legacy.slice(0, at)}J\xff\xff\xff\x7fK\x03\x86${legacy.slice(at + 5)}`, 'latin1')
    await expect(readTorchCheckpoint(new Uint8Array(bytes), 'bomb.pth')).rejects.toMatchObject({
      message: 'The tensor repeated cannot be read',
      expected: 'strides that use each value about once',
    })
  })

  it('ends on a dict that holds itself', async () => {
    // {'a': <itself>}
    const cyclic = Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x58, 1, 0, 0, 0, 0x61, 0x68, 0, 0x73, 0x2e)
    const legacy = weightFile('network-legacy.pth')
    const root = Buffer.from(legacy).indexOf('\x80\x02ccollections', 0, 'latin1')
    const keys = Uint8Array.of(0x80, 2, 0x5d, 0x2e)
    const bytes = new Uint8Array(Buffer.concat([legacy.subarray(0, root), cyclic, keys]))
    await expect(readTorchCheckpoint(bytes, 'cyclic.pth')).rejects.toMatchObject({
      message: 'cyclic.pth holds no state dict',
    })
  })

  it('does not write out a list of lists that doubles at each of 60 levels', async () => {
    // l0 = []; l1 = [l0, l0]; ... as the module of a function, and as the key of a dict.
    const doubled = [
      0x5d,
      0x71,
      0,
      ...Array.from({ length: 60 }, (_, i) => [0x30, 0x68, i, 0x68, i, 0x86, 0x71, i + 1]).flat(),
    ]
    const legacy = weightFile('network-legacy.pth')
    const root = legacy.subarray(0, Buffer.from(legacy).indexOf('\x80\x02ccollections', 0, 'latin1'))
    const named = [0x80, 2, ...doubled, 0x68, 0, 0x93, 0x2e]
    await expect(readTorchCheckpoint(new Uint8Array([...root, ...named]), 'a.pth')).rejects.toMatchObject({
      found: 'a call of a list.a list, which was not run',
    })
    const keyed = [0x80, 2, 0x7d, ...doubled, 0x4e, 0x73, 0x2e, 0x80, 2, 0x5d, 0x2e]
    await expect(readTorchCheckpoint(new Uint8Array([...root, ...keyed]), 'a.pth')).rejects.toMatchObject({
      found: 'a dict of a list',
    })
  })

  it.each(containers)('answers damage with errors of its own only (%s)', async (container) => {
    const bytes = weightFile(`training-state-${container}.pth`)
    for (const cut of truncations(bytes)) {
      await expect(readTorchCheckpoint(cut, 'cut.pth')).rejects.toBeInstanceOf(RepriseError)
    }
    for (const damaged of corruptions(bytes, 1000)) {
      try {
        await readTorchCheckpoint(damaged, 'damaged.pth')
      } catch (error) {
        expect(error).toBeInstanceOf(RepriseError)
      }
    }
  })
})
