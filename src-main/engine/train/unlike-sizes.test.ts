// Pictures of unlike sizes in one batch against each picture alone, ours and the references' (tools/oracle/vit_resolutions.py).
// Tolerances, float32 against float64: logits and gradients 1e-4 of the norm. Among ourselves: logits 1e-5, gradients 1e-4.
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { patternParameter, patternProjection } from '../../../tools/oracle/pattern.ts'
import type { GradientSummary } from '../../../tools/oracle/read-values.ts'
import { type VitOracle, vitPicture, vitResolutions } from '../../../tools/oracle/read-vit.ts'
import { type PaddedBatch, padBatch, type SizedPicture } from '../nn/models/padded-batch.ts'
import { visionTransformer } from '../nn/models/vit.ts'
import { vitForms } from '../nn/models/vit-forms.ts'
import type { ForwardPass, Network, Parameter } from '../nn/parameters.ts'
import type { PatchSequence } from '../nn/patch-sequence.ts'
import { smoothedTargets, softmaxCrossEntropy } from '../tensorflow/ops/cross-entropy.ts'
import { relativeError, runEagerly, runTraced, startForTests } from '../tensorflow/start-for-tests.ts'
import { readVariable, writeVariable } from '../tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from './torch-layout.ts'

beforeAll(startForTests)

type Run = typeof runEagerly

const classes = 10
const oracles = vitResolutions().networks

test('every form of the network has an oracle', () => {
  expect(oracles.map(({ form }) => form)).toEqual(Object.keys(vitForms))
})

describe.each(oracles.map((oracle) => [oracle.form, oracle] as const))('%s', (_form, oracle) => {
  const pictures = oracle.grids.map((_, k) => vitPicture(oracle, k))

  test.each([
    ['op by op', runEagerly],
    ['traced', runTraced],
  ] as const)('logits of a mixed batch are those of each picture alone, %s', (_how, run) => {
    const network = networkOf(oracle)
    const mixed = logitsOf(network, padded(network, pictures), run)
    expect(relativeError(mixed, oracle.logits.flat())).toBeLessThan(1e-4)
    for (const [k, picture] of pictures.entries()) {
      const alone = logitsOf(network, padded(network, [picture]), run)
      expect(relativeError(rowOf(mixed, k), alone)).toBeLessThan(1e-5)
    }
  })

  test('a picture of the network’s own size has the logits of the ordinary pass', () => {
    const network = networkOf(oracle)
    const k = oracle.grids.findIndex((grid) => grid.every((side) => side * oracle.patch === oracle.resolution))
    const { height, width, values } = pictures[k] as SizedPicture
    const mixed = logitsOf(network, padded(network, pictures), runEagerly)
    const input = { shape: [1, height, width, 3], values: [...values] }
    const [ordinary] = runEagerly((x) => [network.forward(x as tf.Tensor, evaluation)], [input])
    expect(relativeError(rowOf(mixed, k), ordinary ?? [])).toBeLessThan(1e-5)
  })

  test('gradients of the summed loss are the sums of the single ones', () => {
    const network = networkOf(oracle)
    const mixed = gradientsOf(network, padded(network, pictures), oracle.labels, runTraced)
    const single = pictures.map((picture, k) =>
      gradientsOf(network, padded(network, [picture]), oracle.labels.slice(k, k + 1), runEagerly),
    )
    expect(relativeError(mixed.loss, [oracle.loss])).toBeLessThan(1e-4)
    for (const { name, index, gradient } of oracle.parameters) {
      const found = mixed.byName.get(name) ?? new Float32Array()
      const summed = found.map((_, i) => single.reduce((sum, { byName }) => sum + (byName.get(name)?.[i] ?? 0), 0))
      expect(relativeError(found, summed), name).toBeLessThan(1e-4)
      expectSummary(index, found, gradient, name)
    }
  })

  test('what lies in the padding has no influence', () => {
    const network = networkOf(oracle)
    const clean = padded(network, pictures)
    const dirty = padded(network, pictures)
    for (const { values, shape } of [dirty.patches, dirty.positions]) {
      const vector = shape[2] ?? 0
      for (const [i, valid] of dirty.valid.values.entries()) {
        if (valid === 0) values.fill(1e3, i * vector, (i + 1) * vector)
      }
    }
    expect(dirty.patches.values).not.toEqual(clean.patches.values)
    expect(relativeError(logitsOf(network, dirty, runEagerly), logitsOf(network, clean, runEagerly))).toBeLessThan(1e-6)
    const [before, after] = [clean, dirty].map((batch) => gradientsOf(network, batch, oracle.labels, runEagerly).byName)
    for (const [name, values] of before ?? []) {
      expect(relativeError(after?.get(name) ?? [], values), name).toBeLessThan(1e-6)
    }
  })
})

const evaluation: ForwardPass = { training: false, read: (p) => readVariable(p.variable), onStatistics: () => {} }

/** The oracle's network with its weights; fixed positions are its own. */
function networkOf(oracle: VitOracle): Network {
  const network = visionTransformer(oracle, classes, 1, { resolution: oracle.resolution })
  onTestFinished(() => network.parameters.dispose())
  const learned = network.parameters.all.filter((p) => p.trainable)
  expect(learned.map(({ name }) => name)).toEqual(oracle.parameters.map(({ name }) => name))
  for (const [i, { name, index, shape }] of oracle.parameters.entries()) {
    const { variable, role } = learned[i] as Parameter
    writeVariable(variable, fromTorchLayout(patternParameter(index, name, shape), variable.shape, role))
  }
  return network
}

const padded = ({ sequence }: Network, pictures: SizedPicture[]) => padBatch(pictures, sequence as PatchSequence)

const tensorsOf = ({ patches, valid, positions }: PaddedBatch) =>
  [patches, valid, positions].map(({ shape, values }) => ({ shape, values: [...values] }))

const rowOf = (logits: Float32Array, k: number) => logits.slice(k * classes, (k + 1) * classes)

function forward(network: Network, inputs: tf.Tensor[], pass: ForwardPass): tf.Tensor {
  const [patches, valid, positions] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor]
  return network.forwardPadded?.({ patches, valid, positions }, pass) as tf.Tensor
}

function logitsOf(network: Network, batch: PaddedBatch, run: Run): Float32Array {
  return run((...inputs) => [forward(network, inputs, evaluation)], tensorsOf(batch))[0] ?? new Float32Array()
}

/** The summed loss and its gradients, in PyTorch's layout. */
function gradientsOf(network: Network, batch: PaddedBatch, labels: number[], run: Run) {
  const trainable = network.parameters.all.filter((p) => p.trainable)
  const [loss = new Float32Array(), ...gradients] = run((...inputs) => {
    const values = new Map(network.parameters.all.map((p) => [p, readVariable(p.variable)]))
    const pass: ForwardPass = { ...evaluation, training: true, read: (p) => values.get(p) as tf.Tensor }
    const targets = smoothedTargets(tf.tensor1d(labels, 'int32'), classes, 0)
    const lossOf = () =>
      tf.mul(softmaxCrossEntropy(forward(network, inputs, pass), targets), labels.length) as tf.Scalar
    const { value, grads } = tf.valueAndGrads(lossOf)(trainable.map((p) => values.get(p) as tf.Tensor))
    return [value, ...grads]
  }, tensorsOf(batch))
  const byName = new Map(
    trainable.map(({ name, role, variable }, i) => {
      const { values } = toTorchLayout(gradients[i] ?? new Float32Array(), variable.shape, role)
      return [name, values]
    }),
  )
  return { loss, byName }
}

function expectSummary(index: number, found: Float32Array, expected: GradientSummary, name: string): void {
  const { norm, projection, indices, values } = expected
  expect(Math.abs(Math.hypot(...found) - norm) / norm, `norm of ${name}`).toBeLessThan(1e-4)
  // The projection sums as many terms as there are values.
  const error = Math.abs(patternProjection(index, found) - projection) / norm / Math.sqrt(found.length)
  expect(error, `projection of ${name}`).toBeLessThan(1e-4)
  for (const [i, place] of indices.entries()) {
    const difference = Math.abs((found[place] ?? Number.NaN) - (values[i] ?? 0))
    expect(difference / norm, `value ${place} of ${name}`).toBeLessThan(1e-4)
  }
}
