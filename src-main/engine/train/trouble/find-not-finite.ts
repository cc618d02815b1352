// Where in a step a loss, a gradient or a running statistic stopped being finite, and what to tell the reader of it.
import { RepriseError } from '../../../shared/errors.ts'
import type { Parameter } from '../../nn/parameters.ts'
import { AttrType } from '../../tensorflow/attributes.ts'
import type { TracedNode } from '../../tensorflow/graph-trace.ts'
import type { Batch } from '../batch-source.ts'
import type { NotFinitePlace } from '../finite-check.ts'
import type { BatchPart, StepContext } from '../training-step.ts'
import { type WatchedStep, watchStep } from './watched-step.ts'

/** A figure of a layer, by the name that its parameters share, such as layer2.0.conv1. */
export interface LayerFigure {
  layer: string
  value: number
}

export interface NotFiniteFinding {
  /** Null where the step was finite when it was run again. */
  what: NotFinitePlace | null
  /**
   * Forward: the layer whose parameters were used last before it, or `input` before any was. Backward: the deepest layer whose
   * gradient is not finite. Null where nothing was found.
   */
  layer: string | null
  /** TensorFlow's operation, or `weights` where the layer's own values are not finite. */
  op: string | null
  /** Norms of the finite gradients, the largest few. */
  gradientNorms: LayerFigure[]
  lr: number
  largestWeight: LayerFigure | null
  /** Of the finite results of the forward pass. */
  largestActivation: LayerFigure | null
  part: BatchPart
  precision: StepContext['config']['compute']['precision']
  /** The schedule has a warm-up. */
  warmsUp: boolean
}

const shownNorms = 5
const inputLayer = 'input'
/** The type of the operation that gives a variable's value, see readVariable. */
const variableRead = 'EnsureShape'

/**
 * Runs a batch that a step refused once more, without updates, and looks for the operation where it began. The batch's tensors
 * must still exist. Never rejects: where the batch cannot be run again, nothing was found.
 */
export async function findNotFinite(
  { network, ...context }: StepContext,
  trainable: readonly Parameter[],
  ids: Batch['ids'],
  lr: number,
  part: BatchPart,
): Promise<NotFiniteFinding> {
  const { compute, schedule } = context.config
  const facts = { lr, part, precision: compute.precision, warmsUp: schedule.warmup > 0 }
  try {
    return {
      ...locate(await watchStep({ network, ...context }, trainable, ids), trainable, context.lossScale !== null),
      ...facts,
    }
  } catch {
    return { ...nothingFound, ...facts }
  }
}

type Located = Omit<NotFiniteFinding, 'lr' | 'part' | 'precision' | 'warmsUp'>

const nothingFound: Located = {
  what: null,
  layer: null,
  op: null,
  gradientNorms: [],
  largestWeight: null,
  largestActivation: null,
}

/** Under a loss scale gradients overflow now and then, which its step skips itself. */
function locate(step: WatchedStep, trainable: readonly Parameter[], isScaled: boolean): Located {
  const layers = layersOf(step)
  const figures = {
    gradientNorms: largestNorms(step, trainable),
    largestWeight: largest(step, layers, (node) => step.weights.has(node)),
    largestActivation: largest(step, layers, ({ type }) => type !== variableRead),
  }
  const bad = new Set(step.results.filter(({ finite }) => !finite).map(({ node }) => node))
  const places = new Map([...layers.keys()].map((node, place) => [node, place]))
  const origin = (node: TracedNode): TracedNode => {
    const causes = node.inputs.map((input) => input.node).filter((input) => bad.has(input))
    const first = causes.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))[0]
    return first ? origin(first) : node
  }
  const forward = (what: NotFinitePlace, node: TracedNode): Located => {
    const began = origin(node)
    const op = step.weights.has(began) ? 'weights' : operationName(began)
    return { what, layer: layers.get(began) ?? inputLayer, op, ...figures }
  }
  if (bad.has(step.loss)) return forward('loss', step.loss)
  const statistic = step.statistics.find((node) => bad.has(node))
  if (statistic) return forward('statistics', statistic)
  const deepest = step.gradients
    .map(({ node, norm }, i) => ({ node, norm, layer: layerName(trainable[i]?.name ?? '') }))
    .filter(({ norm }) => !Number.isFinite(norm))
    .at(-1)
  if (!deepest || isScaled) return { ...nothingFound, ...figures }
  const began = bad.has(deepest.node) ? origin(deepest.node) : deepest.node
  return { what: 'gradient', layer: deepest.layer, op: operationName(began), ...figures }
}

/** Name of the layer of a parameter: conv1 for conv1.weight. */
function layerName(parameter: string): string {
  const dot = parameter.lastIndexOf('.')
  return dot < 0 ? parameter : parameter.slice(0, dot)
}

/** The layer of each operation: that of the parameters which it, or else the one before it, takes. */
function layersOf({ results, weights }: WatchedStep): Map<TracedNode, string> {
  let layer = inputLayer
  const layers = new Map<TracedNode, string>()
  for (const { node } of results) {
    const own = weights.get(node)
    const used = node.inputs.map((input) => weights.get(input.node)).find((parameter) => parameter)
    if (used) layer = layerName(used.name)
    layers.set(node, own ? layerName(own.name) : layer)
  }
  return layers
}

function largest(
  { results }: WatchedStep,
  layers: ReadonlyMap<TracedNode, string>,
  counts: (node: TracedNode) => boolean,
): LayerFigure | null {
  let found: LayerFigure | null = null
  for (const { node, finite, largest: value } of results) {
    if (!finite || value === null || !counts(node) || (found && value <= found.value)) continue
    found = { layer: layers.get(node) ?? inputLayer, value }
  }
  return found
}

function largestNorms({ gradients }: WatchedStep, trainable: readonly Parameter[]): LayerFigure[] {
  const squares = new Map<string, number>()
  for (const [i, { norm }] of gradients.entries()) {
    const layer = layerName(trainable[i]?.name ?? '')
    squares.set(layer, (squares.get(layer) ?? 0) + norm ** 2)
  }
  return [...squares]
    .map(([layer, sum]) => ({ layer, value: Math.sqrt(sum) }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => b.value - a.value)
    .slice(0, shownNorms)
}

/** A nested function goes by its own name, which ends in the shapes it was made for. */
function operationName({ type, attrs }: TracedNode): string {
  const called = attrs.find((attribute) => attribute.type === AttrType.function)
  return called ? String(called.value).replace(/(_\d+x[\dx-]*)+$/, '') : type
}

/** The error `not-finite` of a step (counted from 1), with everything that was found in its details. */
export function notFiniteError(finding: NotFiniteFinding, { step, lr }: { step: number; lr: number }): RepriseError {
  const { what, layer, op, part } = finding
  const batch = part.of > 1 ? `, batch ${part.index + 1} of ${part.of}` : ''
  const subjects = { loss: 'The loss', gradient: 'A gradient', statistics: 'A running statistic' }
  return new RepriseError({
    code: 'not-finite',
    message: `${what ? subjects[what] : 'A number'} of step ${step}${batch} is NaN or infinite; the step was not taken.`,
    expected: 'finite numbers',
    found: [foundWords(finding), ...figureWords(finding)].join('; '),
    fix: fixWords(finding, lr),
    details: {
      what: what ?? 'loss',
      ...(layer === null ? {} : { layer }),
      ...(op === null ? {} : { op }),
      step,
      lr,
      gradientNorms: finding.gradientNorms,
      largestWeight: finding.largestWeight,
      largestActivation: finding.largestActivation,
      precision: finding.precision,
    },
  })
}

function foundWords({ what, layer, op, precision }: NotFiniteFinding): string {
  if (what === null) {
    const rounding = precision === 'fp32' ? '' : `, so it hangs on the rounding of ${precision}`
    return `the same batch was finite when it was run again${rounding}`
  }
  if (op === 'weights') return `the weights of ${layer} are not finite`
  if (layer === inputLayer) return `it began in the pictures or their preparation (${op})`
  return `it began in ${layer} (${op}) in the ${what === 'gradient' ? 'backward' : 'forward'} pass`
}

function figureWords({ largestActivation, largestWeight, gradientNorms }: NotFiniteFinding): string[] {
  const words = (name: string, figure: LayerFigure | null | undefined) =>
    figure ? [`${name} ${figure.value.toPrecision(3)} (${figure.layer})`] : []
  return [
    ...words('largest weight', largestWeight),
    ...words('largest finite activation', largestActivation),
    ...words('largest finite gradient norm', gradientNorms[0]),
  ]
}

function fixWords({ op, layer, precision, warmsUp }: NotFiniteFinding, lr: number): string {
  if (op === 'weights') return 'The weights were damaged before this step: go on from an earlier checkpoint.'
  if (layer === inputLayer) return 'Check the mean and standard deviation of the data set, and its pictures.'
  const causes = [
    `a lower learning rate (it was ${Number(lr.toPrecision(4))})`,
    ...(warmsUp ? [] : ['a warm-up']),
    'gradient clipping',
    ...(precision === 'fp32' ? [] : [`fp32 in place of ${precision}`]),
  ]
  return `What usually helps: ${causes.join(', ')}. Where it happens in the first steps, look at labels and normalisation.`
}
