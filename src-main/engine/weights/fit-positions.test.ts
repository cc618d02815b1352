// Checkpoints of another resolution, loaded, against the references with their own resizing (tools/oracle/vit_resolutions.py).
// Tolerance of the logits: 1e-4 of the norm, float32 against float64.
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { patternParameter } from '../../../tools/oracle/pattern.ts'
import { type VitOracle, vitPicture, vitResolutions } from '../../../tools/oracle/read-vit.ts'
import type { SafetensorsTensor } from '../formats/safetensors.ts'
import { evaluationPass } from '../nn/evaluation-pass.ts'
import type { ModelOptions } from '../nn/model-options.ts'
import { resizePositions } from '../nn/models/resize-positions.ts'
import { sincos2dPositions } from '../nn/models/sincos2d.ts'
import { visionTransformer } from '../nn/models/vit.ts'
import { vitForms } from '../nn/models/vit-forms.ts'
import type { Network } from '../nn/parameters.ts'
import { relativeError, runEagerly, startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariableValues } from '../tensorflow/variables.ts'
import { loadWeights } from './load-weights.ts'

beforeAll(startForTests)

const classes = 10
const oracles = vitResolutions().networks
const oracleOf = (form: VitOracle['form']) => oracles.find((oracle) => oracle.form === form) as VitOracle

/** The oracle's architecture without weights, by default for its first picture, which is larger. */
function networkFor(oracle: VitOracle, options: ModelOptions = {}): Network {
  const resolution = vitPicture(oracle, 0).height
  const network = visionTransformer(oracle, classes, 1, { resolution, initialise: false, ...options })
  onTestFinished(() => network.parameters.dispose())
  return network
}

/** The weights of the oracle as a checkpoint of its own resolution. */
function checkpointOf({ parameters, form, resolution, patch, width }: VitOracle): SafetensorsTensor[] {
  const tensors = parameters.map(({ name, index, shape }) =>
    tensorOf(name, shape, patternParameter(index, name, shape)),
  )
  if (vitForms[form].positions === 'learned') return tensors
  const side = resolution / patch
  return [...tensors, tensorOf('pos_embed', [1, side * side, width], sincos2dPositions([side, side], width))]
}

function tensorOf(name: string, shape: number[], values: Float32Array): SafetensorsTensor {
  return { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer) }
}

function positionsOf(network: Network): Float32Array {
  const parameter = network.parameters.all.find(({ name }) => name === network.sequence?.positions.name)
  return parameter ? (readVariableValues(parameter.variable) as Float32Array) : new Float32Array()
}

const notes: Record<VitOracle['form'], string> = {
  timm: 'resampled (bicubic with antialias, as timm)',
  torchvision: 'resampled (bicubic with aligned corners, as torchvision)',
  'big-vision': 'computed anew by their formula',
  'big-vision-token': 'resampled (linear with aligned corners, as big_vision)',
}

describe('positions of another resolution', () => {
  test.each(oracles.map((oracle) => [oracle.form, oracle] as const))(
    'give the logits of the reference, %s',
    (form, oracle) => {
      const network = networkFor(oracle)
      expect(loadWeights(network, checkpointOf(oracle), 'vit.pth')).toEqual([
        `The position embeddings of 4 x 4 patches were ${notes[form]} for 6 x 6.`,
      ])
      const { height, width, values } = vitPicture(oracle, 0)
      const input = { shape: [1, height, width, 3], values: [...values] }
      const [logits] = runEagerly((...inputs) => inputs.map((x) => network.forward(x, evaluationPass())), [input])
      expect(relativeError(logits ?? [], oracle.logits[0] ?? [])).toBeLessThan(1e-4)
    },
  )

  test('are resampled as the options of the network say', () => {
    const oracle = oracleOf('timm')
    const network = networkFor(oracle, { positionResize: 'torchvision' })
    const checkpoint = checkpointOf(oracle)
    expect(loadWeights(network, checkpoint, 'vit.pth')[0]).toContain('as torchvision')
    const { index, name, shape } = oracle.parameters.find(({ name }) => name === 'pos_embed') as { index: number } & {
      name: string
      shape: number[]
    }
    const patches = patternParameter(index, name, shape).subarray(oracle.width)
    expect(positionsOf(network).subarray(oracle.width)).toEqual(resizePositions(patches, [4, 4], [6, 6], 'torchvision'))
  })

  test('stay as they are at the resolution of the checkpoint', () => {
    const oracle = oracleOf('timm')
    const network = networkFor(oracle, { resolution: oracle.resolution })
    expect(loadWeights(network, checkpointOf(oracle), 'vit.pth')).toEqual([])
  })

  test.each([
    ['no square grid', (oracle: VitOracle) => [1, 16, oracle.width]],
    ['another width', (oracle: VitOracle) => [1, 17, oracle.width / 2]],
  ])('of %s are refused', (_what, shapeOf) => {
    const oracle = oracleOf('timm')
    const shape = shapeOf(oracle)
    const tensors = checkpointOf(oracle).map((tensor) =>
      tensor.name === 'pos_embed'
        ? tensorOf('pos_embed', shape, new Float32Array(shape.reduce((a, b) => a * b)))
        : tensor,
    )
    expect(() => loadWeights(networkFor(oracle), tensors, 'vit.pth')).toThrowError(
      expect.objectContaining({ code: 'data-format', found: `pos_embed [${shape.join(', ')}]` }),
    )
  })

  test('that are fixed, but not by the formula, are refused', () => {
    const oracle = oracleOf('big-vision')
    const tensors = checkpointOf(oracle)
    const positions = tensors.at(-1) as SafetensorsTensor
    positions.data = new Uint8Array(positions.data.length)
    const network = networkFor(oracle)
    expect(() => loadWeights(network, tensors, 'vit.pth')).toThrowError(
      expect.objectContaining({ code: 'data-format', expected: 'the fixed sines and cosines of 4 x 4 patches' }),
    )
    expect(network.parameters.all.every(({ variable }) => readVariableValues(variable).every((v) => v === 0))).toBe(
      true,
    )
  })
})

test('a resolution that is no multiple of the patch is refused', () => {
  expect(() => networkFor(oracleOf('timm'), { resolution: 22 })).toThrowError(
    expect.objectContaining({ code: 'config-out-of-range', found: '22', fix: 'Choose 24.' }),
  )
})
