import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pattern } from '../../../tools/oracle/pattern.ts'
import { networkOracles } from '../../../tools/oracle/read-values.ts'
import { readSafetensors, type SafetensorsTensor, type TensorToWrite } from '../formats/safetensors.ts'
import { zeros } from '../nn/initialisers.ts'
import { modelBuilders } from '../nn/model-builders.ts'
import { type Network, ParameterSet } from '../nn/parameters.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../tensorflow/variables.ts'
import { networkTensors, stateTensors, writeCheckpoint } from '../train/checkpoint.ts'
import { loadWeights } from './load-weights.ts'
import { readWeightFile } from './read-weight-file.ts'

beforeAll(startForTests)
const folder = mkdtempSync(join(tmpdir(), 'reprise-weights-'))
afterAll(() => rmSync(folder, { recursive: true }))

const oraclePath = (file: string) =>
  fileURLToPath(new URL(`../../../tools/oracle/values/weights/${file}`, import.meta.url))

/** The network of weight_files.py, in our layouts. */
function smallNetwork(classes = 5): Network {
  const set = new ParameterSet(1)
  set.add('conv.weight', 'conv-weight', [2, 4, 2, 3], zeros)
  set.add('conv.bias', 'bias', [3], zeros)
  set.add('bn.weight', 'norm-weight', [3], zeros)
  set.add('bn.bias', 'norm-bias', [3], zeros)
  set.add('bn.running_mean', 'buffer', [3], zeros)
  set.add('bn.running_var', 'buffer', [3], zeros)
  set.add('fc.weight', 'linear-weight', [3, classes], zeros)
  set.add('fc.bias', 'bias', [classes], zeros)
  return { parameters: set, forward: (x) => x }
}

const valuesOf = (network: Network) => network.parameters.all.map(({ variable }) => readVariableValues(variable))

describe('strict loading', () => {
  it.each(['network-zip.pth', 'network-legacy.pth', 'training-state-zip.pth'])(
    'sets a network from %s',
    async (file) => {
      const network = smallNetwork()
      const { tensors } = await readWeightFile(oraclePath(file))
      expect(loadWeights(network, tensors, file)).toEqual([
        '1 tensors named num_batches_tracked were left out: no forward pass uses them.',
      ])
      const [conv, convBias, , , mean, variance, linear] = valuesOf(network)
      // PyTorch's [out, in, height, width] is [3, 2, 2, 4] here; ours is [height, width, in, out].
      const oihw = pattern(0, 48)
      for (let i = 0; i < 48; i++) {
        const [o, c, h, w] = [Math.floor(i / 16), Math.floor(i / 8) % 2, Math.floor(i / 4) % 2, i % 4]
        expect(conv?.[((h * 4 + w) * 2 + c) * 3 + o]).toBe(oihw[i])
      }
      expect(convBias).toEqual(pattern(1, 3))
      expect(mean).toEqual(pattern(10, 3))
      expect(variance).toEqual(pattern(11, 3).map((value) => 1 + Math.abs(value)))
      const rows = pattern(4, 15)
      for (let i = 0; i < 15; i++) expect(linear?.[(i % 3) * 5 + Math.floor(i / 3)]).toBe(rows[i])
      network.parameters.dispose()
    },
  )

  it('names what is missing and what is too much, and changes nothing', async () => {
    const network = smallNetwork()
    const { tensors } = await readWeightFile(oraclePath('network-zip.pth'))
    const renamed = tensors.map((tensor) => (tensor.name === 'fc.bias' ? { ...tensor, name: 'head.bias' } : tensor))
    expect(() => loadWeights(network, renamed, 'a.pth')).toThrowError(
      expect.objectContaining({ code: 'data-format', expected: 'also fc.bias', found: 'also head.bias' }),
    )
    expect(() => loadWeights(network, tensors.slice(1), 'a.pth')).toThrowError(
      expect.objectContaining({ expected: 'also conv.weight', found: '7 tensors, none too many' }),
    )
    expect(() => loadWeights(network, [...tensors, tensors[0] as SafetensorsTensor], 'a.pth')).toThrowError(
      expect.objectContaining({ found: 'conv.weight twice' }),
    )
    expect(valuesOf(network).every((values) => values.every((value) => value === 0))).toBe(true)
    network.parameters.dispose()
  })

  it('reads a model of TensorFlow.js with the shards beside it, and none from elsewhere', async () => {
    const path = join(folder, 'model.json')
    const config = [{ class_name: 'Dense', config: { name: 'dense' } }]
    const write = (shard: string) =>
      writeFile(
        path,
        JSON.stringify({
          modelTopology: { class_name: 'Sequential', config },
          weightsManifest: [{ paths: [shard], weights: [{ name: 'dense/bias', shape: [2], dtype: 'float32' }] }],
        }),
      )
    await writeFile(join(folder, 'group1-shard1of1.bin'), Float32Array.of(1, 2))
    await write('group1-shard1of1.bin')
    expect((await readWeightFile(path)).tensors).toMatchObject([{ name: 'dense/bias', shape: [2], dtype: 'F32' }])
    await write('../group1-shard1of1.bin')
    await expect(readWeightFile(path)).rejects.toMatchObject({ found: '../group1-shard1of1.bin' })
    await write('absent.bin')
    await expect(readWeightFile(path)).rejects.toMatchObject({ code: 'data-missing' })
  })

  it('compares shapes in PyTorch’s layout', async () => {
    const network = smallNetwork(4)
    const { tensors } = await readWeightFile(oraclePath('network-zip.pth'))
    expect(() => loadWeights(network, tensors, 'a.pth')).toThrowError(
      expect.objectContaining({ expected: 'fc.weight [4, 3], fc.bias [4]', found: 'fc.weight [5, 3], fc.bias [5]' }),
    )
    network.parameters.dispose()
  })

  it('takes half precision and refuses integers', async () => {
    const network = smallNetwork()
    const { tensors } = await readWeightFile(oraclePath('network-zip.pth'))
    const withBias = (dtype: 'F16' | 'I16', bits: number) =>
      tensors.map((tensor) =>
        tensor.name === 'conv.bias'
          ? { ...tensor, dtype, data: new Uint8Array(Uint16Array.of(bits, bits, bits).buffer) }
          : tensor,
      )
    loadWeights(network, withBias('F16', 0x3c00), 'a.pth')
    expect(valuesOf(network)[1]).toEqual(Float32Array.of(1, 1, 1))
    expect(() => loadWeights(network, withBias('I16', 1), 'a.pth')).toThrowError(
      expect.objectContaining({ found: 'I16' }),
    )
    network.parameters.dispose()
  })
})

describe('checkpoints of ours', () => {
  const write = (name: string, network: Network, more: TensorToWrite[] = []) => {
    const about = { seed: 1, kind: 'state', step: 3, epoch: 1, averaged: false, top1: null } as const
    return writeCheckpoint(folder, { file: 'seed-1-1.safetensors', ...about }, [...networkTensors(network), ...more], {
      model: name,
      step: '3',
    })
  }

  it('come back whole, without the state of the training', async () => {
    const written = modelBuilders['resnet20-cifar'](10, 1)
    const first = written.parameters.all[0]
    if (!first) throw new Error('no parameters')
    const state = new Map([[`optimizer.momentum.${first.name}`, first.variable]])
    const { file } = write('resnet20-cifar', written, stateTensors(written, state))
    const read = modelBuilders['resnet20-cifar'](10, 2)
    const { tensors, notes } = await readWeightFile(join(folder, file))
    expect(notes).toEqual(['1 tensors of the state of the training were left out.'])
    loadWeights(read, tensors, file)
    expect(valuesOf(read)).toEqual(valuesOf(written))
    written.parameters.dispose()
    read.parameters.dispose()
  })

  it.each(networkOracles().map((oracle) => [oracle.name, oracle] as const))(
    'of %s hold the names and shapes of the PyTorch module, which loads them with strict=True',
    async (name, oracle) => {
      const network = modelBuilders[name](10, 1)
      const { file } = write(name, network)
      const { tensors } = readSafetensors(new Uint8Array(await readFile(join(folder, file))), file)
      const statistics = new Set(oracle.runningStatistics.map((buffer) => buffer.name))
      const learned = tensors.filter((tensor) => !statistics.has(tensor.name))
      const shapes = (list: readonly { name: string; shape: number[] }[]) =>
        Object.fromEntries(list.map((each) => [each.name, each.shape]))
      expect(shapes(learned)).toEqual(shapes(oracle.parameters))
      expect(tensors.length - learned.length).toBe(statistics.size)
      network.parameters.dispose()
    },
  )
})
