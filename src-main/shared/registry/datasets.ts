// Benchmarks and samples the app knows by name, with the counts and hashes by which they are recognised.

export interface DatasetRecord {
  label: string
  /** How it arrives: shipped with the app, fetched on demand from a package, or only from the user's disk. */
  source: 'shipped' | 'package' | 'user'
  classes: readonly string[]
  train: number
  test: number
  /** Height, width, channels of a picture. */
  shape: readonly [number, number, number]
  /** Channel mean and standard deviation on 0..1 pixels of the training set. */
  mean: readonly number[]
  std: readonly number[]
  /** sha256 of the raw uint8 NHWC pixels in official order; null where no official value is known. */
  sha256: { train: string; test: string } | null
  licence: string
  /** Bytes that a fetch downloads, for the line before the start. */
  downloadBytes: number
  /** False for samples that are too small for a verdict. */
  benchmark: boolean
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
const fashion = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const
const cifar = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'] as const

export const datasets = {
  'fashion-mnist-sample': {
    label: 'Fashion-MNIST sample',
    source: 'shipped',
    classes: fashion,
    train: 6000,
    test: 1000,
    shape: [28, 28, 1],
    mean: [0.286],
    std: [0.353],
    sha256: null,
    licence: 'MIT',
    downloadBytes: 0,
    benchmark: false,
  },
  mnist: {
    label: 'MNIST',
    source: 'package',
    classes: digits,
    train: 60_000,
    test: 10_000,
    shape: [28, 28, 1],
    mean: [0.1307],
    std: [0.3081],
    sha256: null,
    licence: 'CC BY-SA 3.0',
    downloadBytes: 11_500_000,
    benchmark: true,
  },
  cifar10: {
    label: 'CIFAR-10',
    source: 'package',
    classes: cifar,
    train: 50_000,
    test: 10_000,
    shape: [32, 32, 3],
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
    sha256: {
      train: '47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a',
      test: 'f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04',
    },
    licence: 'research use, Krizhevsky 2009',
    downloadBytes: 139_000_000,
    benchmark: true,
  },
} as const satisfies Record<string, DatasetRecord>

export type DatasetName = keyof typeof datasets
export const datasetNames = Object.keys(datasets) as DatasetName[]
