// Overflows put into a chosen layer are found there, by name, in the forward and in the backward pass.
import { beforeAll, expect, test } from 'vitest'
import type { RunConfigInput } from '../../../shared/run-config.ts'
import { cifarResNet } from '../../nn/models/cifar-resnet.ts'
import { lenet5 } from '../../nn/models/lenet.ts'
import { visionTransformer } from '../../nn/models/vit.ts'
import type { TensorFlowRuntime } from '../../tensorflow/runtime.ts'
import { startForTests } from '../../tensorflow/start-for-tests.ts'
import { stepsForTests } from '../steps-for-tests.ts'
import { findNotFinite, type NotFiniteFinding, notFiniteError } from './find-not-finite.ts'

let runtime: TensorFlowRuntime
beforeAll(async () => {
  runtime = await startForTests()
})

type Steps = ReturnType<typeof stepsForTests>

const whole = { index: 0, of: 1 }
const resNet = (depth: 8 | 20) => (config?: RunConfigInput) =>
  stepsForTests({ network: cifarResNet(depth, 'A', 4, 1, {}), size: 4, config: config ?? {} })
const [resNet8, resNet20] = [resNet(8), resNet(20)]
const leNet = (config = {}) => stepsForTests({ network: lenet5(4, 1, {}), size: 4, shape: [32, 32, 1], config })
const vit = (config = {}) => {
  const design = { width: 32, depth: 2, heads: 2, patch: 8, form: 'timm' } as const
  return stepsForTests({ network: visionTransformer(design, 4, 1, { resolution: 32 }), size: 4, config })
}

/** What is found of a batch that the compiled step refuses; nothing changes and no tensor stays. */
async function find(steps: Steps): Promise<NotFiniteFinding> {
  const refusal = await steps.step(0.1).catch((error) => error)
  expect(refusal).toMatchObject({ code: 'not-finite' })
  const before = steps.state()
  const batch = steps.batch()
  const handles = runtime.handleCount
  const finding = await findNotFinite(steps.context, steps.trainable, batch.ids, 0.1, whole)
  expect(runtime.handleCount).toBe(handles)
  expect(steps.state()).toEqual(before)
  expect(finding.what).toBe(refusal.details.what)
  steps.release(batch)
  steps.dispose()
  return finding
}

test.each([
  ['ResNet-8', resNet8, 'layer1.0.conv2'],
  ['ResNet-20', resNet20, 'layer2.0.conv1'],
] as const)('%s: activations whose variance overflows', async (_, build, layer) => {
  const steps = build()
  steps.scale(`${layer}.weight`, 1e25)
  const finding = await find(steps)
  expect(finding).toMatchObject({ layer: layer.replace('conv', 'bn'), op: 'FusedBatchNormV3', lr: 0.1 })
  expect(finding.largestWeight?.layer).toBe(layer)
  expect(finding.largestActivation?.layer).toBe(layer)
  expect(finding.largestActivation?.value).toBeGreaterThan(1e19)
})

test.each([false, true])('ResNet-8: products that overflow, with checkpointing: %s', async (checkpointing) => {
  const steps = resNet8({ compute: { checkpointing } })
  steps.scale('layer2.0.bn1.weight', 1e20)
  steps.scale('layer2.0.conv2.weight', 1e20)
  expect(await find(steps)).toMatchObject({ what: 'loss', layer: 'layer2.0.conv2', op: 'Conv2D' })
})

test('ResNet-8: a gradient that overflows behind a finite loss', async () => {
  const steps = resNet8()
  steps.scale('layer3.0.bn2.weight', 1e15)
  steps.scale('linear.weight', 1e20)
  const finding = await find(steps)
  expect(finding).toMatchObject({ what: 'gradient', layer: 'layer3.0.bn2' })
  expect(finding.largestWeight?.layer).toBe('linear')
})

test.each([{}, { compute: { precision: 'bf16' as const } }])('LeNet: logits that overflow: %j', async (config) => {
  const steps = leNet(config)
  // The activations before are +-1.7, and weights of up to 0.0286 stay finite.
  steps.scale('f6.weight', 1e6)
  steps.scale('output.weight', 1.1e40)
  steps.set('c5.bias', 1e20)
  const finding = await find(steps)
  expect(finding).toMatchObject({ what: 'loss', layer: 'output', op: 'BatchMatMulV2' })
  expect(finding.largestActivation?.layer).toBe('c5')
  expect(finding.largestActivation?.value).toBeCloseTo(1e20, -18)
  expect(finding.largestWeight?.layer).toBe('output')
  expect(finding.largestWeight?.value).toBeGreaterThan(3e38)
})

test('LeNet: weights that are not finite before the step', async () => {
  const steps = leNet()
  steps.set('f6.weight', Number.NaN)
  const finding = await find(steps)
  expect(finding).toMatchObject({ what: 'loss', layer: 'f6', op: 'weights' })
  expect(notFiniteError(finding, { step: 7, lr: 0.1 })).toMatchObject({
    found: expect.stringContaining('the weights of f6 are not finite'),
    fix: 'The weights were damaged before this step: go on from an earlier checkpoint.',
  })
})

test.each(['blocks.0.attn.qkv', 'blocks.1.mlp.fc2'])('ViT: products that overflow in %s', async (layer) => {
  const steps = vit()
  const norm = layer.startsWith('blocks.0') ? 'blocks.0.norm1' : 'blocks.1.norm2'
  steps.scale(`${norm}.weight`, 1e18)
  steps.scale(`${layer}.weight`, 1e22)
  expect(await find(steps)).toMatchObject({ what: 'loss', layer, lr: 0.1 })
})

test('a batch that is finite when it is run again is said to be so', async () => {
  const steps = leNet({ compute: { precision: 'bf16' } })
  const batch = steps.batch()
  const finding = await findNotFinite(steps.context, steps.trainable, batch.ids, 0.1, whole)
  expect(finding).toMatchObject({ what: null, layer: null, op: null, lr: 0.1, precision: 'bf16' })
  expect(finding.gradientNorms).toHaveLength(5)
  const error = notFiniteError(finding, { step: 3, lr: 0.1 })
  expect(error.found).toMatch(/^the same batch was finite when it was run again, so it hangs on the rounding of bf16/)
  expect(error.details).toMatchObject({ what: 'loss', step: 3 })
  expect(error.details).not.toHaveProperty('layer')
  steps.release(batch)
  steps.dispose()
})

test('under a loss scale a gradient that overflows is no finding, and norms are those of the loss itself', async () => {
  const [scaled, plain] = [leNet({ compute: { precision: 'fp16' } }), leNet()]
  const found = async (steps: Steps) => {
    const batch = steps.batch()
    const finding = await findNotFinite(steps.context, steps.trainable, batch.ids, 0.1, whole)
    steps.release(batch)
    return finding
  }
  const [norm, expected] = [await found(scaled), await found(plain)].map(({ gradientNorms }) => gradientNorms[0])
  expect(norm?.layer).toBe(expected?.layer)
  expect(norm?.value).toBeCloseTo(expected?.value ?? Number.NaN, 4)
  scaled.scale('output.weight', 1e36)
  expect(await found(scaled)).toMatchObject({ what: null, layer: null })
  scaled.dispose()
  plain.dispose()
})

test('a batch whose tensors are gone leaves the finding empty and throws nothing', async () => {
  const steps = leNet()
  const batch = steps.batch()
  steps.release(batch)
  const finding = await findNotFinite(steps.context, steps.trainable, batch.ids, 0.1, whole)
  expect(finding).toMatchObject({ what: null, layer: null })
  steps.dispose()
})

test('the error names the layer, the figures and what helps in this run', () => {
  const finding: NotFiniteFinding = {
    what: 'gradient',
    layer: 'layer2.0.conv1',
    op: 'Conv2DBackpropFilter',
    gradientNorms: [{ layer: 'linear', value: 1234.5 }],
    lr: 0.4,
    largestWeight: { layer: 'linear', value: 12.345 },
    largestActivation: { layer: 'layer3.0.conv1', value: 9e9 },
    part: { index: 1, of: 4 },
    precision: 'bf16',
    warmsUp: false,
  }
  const error = notFiniteError(finding, { step: 120, lr: 0.4 })
  expect(error).toMatchObject({
    code: 'not-finite',
    message: 'A gradient of step 120, batch 2 of 4 is NaN or infinite; the step was not taken.',
    found:
      'it began in layer2.0.conv1 (Conv2DBackpropFilter) in the backward pass; largest weight 12.3 (linear); ' +
      'largest finite activation 9.00e+9 (layer3.0.conv1); largest finite gradient norm 1.23e+3 (linear)',
    details: { what: 'gradient', layer: 'layer2.0.conv1', step: 120, lr: 0.4 },
  })
  expect(error.fix).toContain('a lower learning rate (it was 0.4), a warm-up, gradient clipping, fp32 in place of bf16')
  const fp32 = notFiniteError({ ...finding, precision: 'fp32', warmsUp: true }, { step: 120, lr: 0.4 })
  expect(fp32.fix).toContain('a lower learning rate (it was 0.4), gradient clipping.')
})
