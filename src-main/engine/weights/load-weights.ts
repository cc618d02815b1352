// Sets a network's weights from named tensors of PyTorch's layout, strictly: torch.nn.Module.load_state_dict(strict=True).
import { RepriseError } from '../../shared/errors.ts'
import { toFloat32 } from '../formats/float32-values.ts'
import type { SafetensorsTensor } from '../formats/safetensors.ts'
import type { Network, Parameter } from '../nn/parameters.ts'
import { writeVariable } from '../tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from '../train/torch-layout.ts'

/** Counts of batches, which PyTorch keeps beside running statistics and no forward pass uses. */
const counterSuffix = 'num_batches_tracked'
const mostListed = 8

/**
 * Writes every tensor into the parameter or buffer of its name: each is used exactly once and none is left over. Nothing is
 * written unless all fit. `file` names their source in messages.
 * @returns what was left out by name, as sentences
 * @throws `data-format` with the missing and the unexpected names, or the shapes that differ (expected and found, in
 *   PyTorch's layout), or a type that is no float
 */
export function loadWeights(network: Network, tensors: readonly SafetensorsTensor[], file: string): string[] {
  const isCounter = ({ name }: { name: string }) => name === counterSuffix || name.endsWith(`.${counterSuffix}`)
  const byName = new Map<string, SafetensorsTensor>()
  for (const tensor of tensors) {
    if (isCounter(tensor)) continue
    if (byName.has(tensor.name)) throw misfit(file, 'every name once', `${tensor.name} twice`)
    byName.set(tensor.name, tensor)
  }
  const pairs = pairByName(network, byName, file)
  const values = pairs.map(({ parameter: { variable, role }, tensor }) =>
    fromTorchLayout(toFloat32(tensor), variable.shape, role),
  )
  for (const [i, { parameter }] of pairs.entries()) writeVariable(parameter.variable, values[i] ?? new Float32Array())
  const counters = tensors.filter(isCounter).length
  return counters === 0 ? [] : [`${counters} tensors named ${counterSuffix} were left out: no forward pass uses them.`]
}

function pairByName(network: Network, byName: ReadonlyMap<string, SafetensorsTensor>, file: string) {
  const pairs: { parameter: Parameter; tensor: SafetensorsTensor }[] = []
  const missing: string[] = []
  for (const parameter of network.parameters.all) {
    const tensor = byName.get(parameter.name)
    if (tensor) pairs.push({ parameter, tensor })
    else missing.push(parameter.name)
  }
  const expectedNames = new Set(network.parameters.all.map(({ name }) => name))
  const unexpected = [...byName.keys()].filter((name) => !expectedNames.has(name))
  if (missing.length > 0 || unexpected.length > 0) {
    const expected =
      missing.length > 0 ? `also ${listed(missing)}` : `only the ${expectedNames.size} names of the network`
    const found = unexpected.length > 0 ? `also ${listed(unexpected)}` : `${byName.size} tensors, none too many`
    throw misfit(file, expected, found, { missing, unexpected })
  }
  const shapes = pairs.map(({ parameter: { name, role, variable }, tensor }) => ({
    name,
    expected: toTorchLayout(new Float32Array(), variable.shape, role).shape,
    found: tensor.shape,
  }))
  const unequal = shapes.filter(({ expected, found }) => expected.join() !== found.join())
  if (unequal.length > 0) {
    const words = (of: 'expected' | 'found') =>
      listed(unequal.map((shape) => `${shape.name} [${shape[of].join(', ')}]`))
    throw misfit(file, words('expected'), words('found'), { shapes: unequal })
  }
  return pairs
}

function listed(names: readonly string[]): string {
  const more = names.length - mostListed
  return `${names.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function misfit(file: string, expected: string, found: string, details: Record<string, unknown> = {}): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `The weights of ${file} do not fit the network`,
    expected,
    found,
    fix: found.includes('/')
      ? 'Its names are those of Keras. Networks take PyTorch names only, since order and shape alone would leave doubts.'
      : 'Choose the architecture, with its number of classes, that the weights were trained for.',
    details,
  })
}
