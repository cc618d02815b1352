// Where it is published what a finding of the health report does to accuracy. The sentences are in the language files.
import type { FindingKind } from '../dataset-views.ts'

const barz = 'Barz and Denzler, Journal of Imaging 2020'
const northcutt = 'Northcutt, Athalye and Mueller, NeurIPS Datasets and Benchmarks 2021'

/**
 * The publication behind a finding's effect. Null where none is known that measures it: its sentence then says what happens, and
 * no size.
 */
export const findingSources: Record<FindingKind, string | null> = {
  unreadable: null,
  'missing-file': null,
  oversized: null,
  'wrong-extension': null,
  cmyk: null,
  deep: null,
  alpha: null,
  animated: null,
  turned: null,
  'grey-among-colour': null,
  tiny: null,
  huge: null,
  // Objects appear larger or smaller in training than in the test, by how both are cropped.
  'mixed-sizes': 'Touvron, Vedaldi, Douze and Jégou, NeurIPS 2019',
  imbalance: 'Buda, Maki and Mazurowski, Neural Networks 2018',
  'empty-class': null,
  'one-part-class': null,
  // 3.3 % of CIFAR-10 and 10 % of CIFAR-100 test pictures; accuracy falls by 9 to 14 % of itself without duplicates.
  leak: barz,
  'near-leak': barz,
  copies: null,
  'near-copies': null,
  // At least 3.3 % of labels wrong on average in ten test sets, 6 % in ImageNet's: enough to change the order of networks.
  'label-conflict': northcutt,
  'benchmark-differs': null,
  statistics: null,
}
