// Sets a network's weights from named tensors of PyTorch's layout, strictly: torch.nn.Module.load_state_dict(strict=True).
import { toFloat32 } from '../formats/float32-values.ts'
import type { SafetensorsTensor } from '../formats/safetensors.ts'
import type { Network } from '../nn/parameters.ts'
import { writeVariable } from '../tensorflow/variables.ts'
import { fromTorchLayout, toTorchLayout } from '../train/torch-layout.ts'
import { fittedPositions } from './fit-positions.ts'
import { matchTensors, tensorsByName } from './match-tensors.ts'

/** Counts of batches, which PyTorch keeps beside running statistics and no forward pass uses. */
const counterSuffix = 'num_batches_tracked'

/**
 * Writes every tensor into the parameter or buffer of its name: each is used exactly once and none is left over. Position
 * embeddings of another resolution are taken to the network's grid. Nothing is written unless all fit. `file` names their
 * source in messages.
 * @returns what was left out by name and what was resampled, as sentences
 * @throws `data-format` with the missing and the unexpected names, or the shapes that differ (expected and found, in
 *   PyTorch's layout), or a type that is no float
 */
export function loadWeights(network: Network, tensors: readonly SafetensorsTensor[], file: string): string[] {
  const isCounter = ({ name }: { name: string }) => name === counterSuffix || name.endsWith(`.${counterSuffix}`)
  const byName = tensorsByName(
    tensors.filter((tensor) => !isCounter(tensor)),
    file,
  )
  const notes: string[] = []
  const positions = fittedPositions(network, byName, file)
  if (positions) {
    byName.set(positions.tensor.name, positions.tensor)
    notes.push(positions.note)
  }
  const expected = network.parameters.all.map(({ name, role, variable }) => ({
    ...{ name, role, variable },
    shape: toTorchLayout(new Float32Array(), variable.shape, role).shape,
  }))
  const values = matchTensors(expected, byName, file).map(({ expected: { variable, role }, tensor }) => ({
    variable,
    values: fromTorchLayout(toFloat32(tensor), variable.shape, role),
  }))
  for (const each of values) writeVariable(each.variable, each.values)
  const counters = tensors.filter(isCounter).length
  if (counters > 0) notes.push(`${counters} tensors named ${counterSuffix} were left out: no forward pass uses them.`)
  return notes
}
