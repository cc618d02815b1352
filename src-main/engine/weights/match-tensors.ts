// Strict comparison of the tensors in a file with those that a network expects.
import { RepriseError } from '../../shared/errors.ts'
import type { SafetensorsTensor } from '../formats/safetensors.ts'

export interface ExpectedTensor {
  name: string
  shape: readonly number[]
}

const mostListed = 8

/** The tensors by name. Throws `data-format` for a name that comes twice. */
export function tensorsByName(tensors: readonly SafetensorsTensor[], file: string): Map<string, SafetensorsTensor> {
  const byName = new Map<string, SafetensorsTensor>()
  for (const tensor of tensors) {
    if (byName.has(tensor.name)) throw misfit(file, 'every name once', `${tensor.name} twice`)
    byName.set(tensor.name, tensor)
  }
  return byName
}

/**
 * Pairs each expected tensor with the one of its name.
 * @throws `data-format` with the missing and the unexpected names, or the shapes that differ
 */
export function matchTensors<E extends ExpectedTensor>(
  expected: readonly E[],
  byName: ReadonlyMap<string, SafetensorsTensor>,
  file: string,
): { expected: E; tensor: SafetensorsTensor }[] {
  const pairs: { expected: E; tensor: SafetensorsTensor }[] = []
  const missing: string[] = []
  for (const each of expected) {
    const tensor = byName.get(each.name)
    if (tensor) pairs.push({ expected: each, tensor })
    else missing.push(each.name)
  }
  const expectedNames = new Set(expected.map(({ name }) => name))
  const unexpected = [...byName.keys()].filter((name) => !expectedNames.has(name))
  if (missing.length > 0 || unexpected.length > 0) {
    const wanted =
      missing.length > 0 ? `also ${listed(missing)}` : `only the ${expectedNames.size} names of the network`
    const found = unexpected.length > 0 ? `also ${listed(unexpected)}` : `${byName.size} tensors, none too many`
    throw misfit(file, wanted, found, { missing, unexpected })
  }
  const unequal = pairs
    .map(({ expected: { name, shape }, tensor }) => ({ name, expected: shape, found: tensor.shape }))
    .filter((shape) => shape.expected.join() !== shape.found.join())
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
    fix: 'Choose the architecture, with its number of classes, that the weights were trained for.',
    details,
  })
}
