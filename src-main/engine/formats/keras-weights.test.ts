import { createHash } from 'node:crypto'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import h5wasm, { File, type Group } from 'h5wasm'
import { describe, expect, it } from 'vitest'
import { kerasTensorOracles, weightFile } from '../../../tools/oracle/read-weights.ts'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions } from './damaged-inputs.ts'
import { readKerasModel } from './keras-layers.ts'
import { readKerasWeights } from './keras-weights.ts'
import type { SafetensorsTensor } from './safetensors.ts'

const byName = <T extends { name: string }>(list: readonly T[]) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1))
const described = ({ name, dtype, shape, data }: SafetensorsTensor) => ({
  name,
  dtype,
  shape,
  sha256: createHash('sha256').update(data).digest('hex'),
})

/** The archive with another configuration. */
function withConfig(change: (config: string) => string): Uint8Array {
  const entries = unzipSync(weightFile('network.keras'))
  const config = change(strFromU8(entries['config.json'] ?? new Uint8Array()))
  return zipSync({ ...entries, 'config.json': strToU8(config) }, { level: 0 })
}

describe('models of Keras', () => {
  it.each(['network.keras', 'network.h5'])('reads %s bit for bit, by layer and weight', async (file) => {
    const { tensors } = await readKerasWeights(weightFile(file), file)
    expect(byName(tensors.map(described))).toEqual(byName(kerasTensorOracles()))
  })

  it('reads layers of Keras 2 whose names have slashes', async () => {
    const { FS } = await h5wasm.ready
    const file = new File('/slashes.h5', 'w')
    file.create_attribute('layer_names', ['conv1/conv', 'rescaling'])
    for (const path of ['conv1', 'conv1/conv', 'conv1/conv/conv1', 'conv1/conv/conv1/conv', 'rescaling']) {
      file.create_group(path)
    }
    const layer = file.get('conv1/conv') as Group
    layer.create_attribute('weight_names', ['conv1/conv/kernel:0'])
    const data = new Float32Array([1, 2])
    ;(layer.get('conv1/conv') as Group).create_dataset({ name: 'kernel:0', data, dtype: '<f' })
    file.close()
    const { tensors, model } = await readKerasWeights(FS.readFile('/slashes.h5'), 'slashes.h5')
    expect(tensors).toMatchObject([{ name: 'conv1/conv/kernel', shape: [2], data: new Uint8Array(data.buffer) }])
    expect(model).toBeNull()
  })

  it('refuses a layer that Keras does not have', async () => {
    const foreign = withConfig((config) => config.replace('"class_name": "Dropout"', '"class_name": "KerasLayer"'))
    await expect(readKerasWeights(foreign, 'hub.keras')).rejects.toMatchObject({
      code: 'data-format',
      message: 'hub.keras needs the layer "drop" of class KerasLayer, which Keras does not have by itself',
      found: 'KerasLayer',
    })
  })

  it('refuses code in a Lambda layer', () => {
    const config = { class_name: 'Sequential', config: [{ class_name: 'Lambda', config: { name: 'code' } }] }
    expect(() => readKerasModel(config, 'a.h5')).toThrowError(expect.objectContaining({ found: 'Lambda' }))
  })

  it('refuses weights that no layer of the configuration names', async () => {
    const fewer = withConfig((text) => {
      const config = JSON.parse(text)
      config.config.layers.pop()
      return JSON.stringify(config)
    })
    await expect(readKerasWeights(fewer, 'fewer.keras')).rejects.toMatchObject({ found: '11 names for 13 weights' })
  })

  it('answers damage with errors of its own only', async () => {
    const bytes = weightFile('network.h5')
    for (let end = 8; end < bytes.length; end += 997) {
      await expect(readKerasWeights(bytes.slice(0, end), 'cut.h5')).rejects.toBeInstanceOf(RepriseError)
    }
    for (const damaged of corruptions(bytes, 200)) {
      await readKerasWeights(damaged, 'damaged.h5').catch((error) => expect(error).toBeInstanceOf(RepriseError))
    }
  })
})
