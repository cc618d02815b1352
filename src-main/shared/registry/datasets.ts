// Benchmarks and samples the app knows by name, with the counts and hashes by which they are recognised.

export interface PublishedFile {
  name: string
  md5: string
  part: 'train' | 'test'
}

export interface DatasetRecord {
  label: string
  /** How it arrives: shipped with the app, fetched on demand from a package, or only from the user's disk. */
  source: 'shipped' | 'package' | 'user'
  /** In the order of the labels; numbers where the names are those of the user's folders. */
  classes: readonly string[]
  train: number
  test: number
  /** Height, width, channels of a picture; 0 x 0 where pictures have unlike sizes. */
  shape: readonly [number, number, number]
  /** Channel mean and standard deviation on 0..1 pixels of the training set. */
  mean: readonly number[]
  std: readonly number[]
  /** sha256 of the raw uint8 NHWC pixels in official order; null where they are published as files of unlike sizes. */
  sha256: { train: string; test: string } | null
  /**
   * The digest of pictures with labels that does not depend on their order (engine/data/content-digest.ts). Where it is null,
   * data is recognised by `files`, else by its counts (engine/data/benchmark.ts).
   */
  content: { train: string; test: string } | null
  /** Files as they are published; all those of a part together hold its pictures and labels. */
  files?: readonly PublishedFile[]
  /** Test pictures of every class, where these are equally many and that is published. */
  testPerClass?: number
  /** sha256 of the classes' WordNet ids, sorted, each with a line end; for classes that are not named above. */
  synsets?: string
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
// In the order of the labels, which is the alphabet's.
const cifar100 = (
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can ' +
  'castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin ' +
  'elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster ' +
  'man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck ' +
  'pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk ' +
  'skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger ' +
  'tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm'
).split(' ')
const stl = ['airplane', 'bird', 'car', 'cat', 'deer', 'dog', 'horse', 'monkey', 'ship', 'truck'] as const

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
    // The first 6,000 and 1,000 pictures of the published files.
    sha256: {
      train: 'c407c19496b306f56f0ed298ad5b11dbcfcc75fc631f4f8e3bc07b8000f1a88b',
      test: '8d46efb2efae7259de048298adb99140d06082b91c430833a54d7ce30f21c9c9',
    },
    content: {
      train: 'b7259ef07695ef595a519db8b42b18bd982d68d9b55f21f1ff6052f448c22c93',
      test: '09eead72d834a4e1983081c20ac9fb9ba2e9055d86b7d722856d73d8d4790692',
    },
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
    // Taken from files whose md5, unpacked, is the published one: train images 6bbc9ace898e44ae57da46a324031adb, train
    // labels a25bea736e30d166cdddb491f175f624, test images 2646ac647ad5339dbf082846283269ea, test labels
    // 27ae3e4e09519cfbb04c329615203637.
    sha256: {
      train: '741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757',
      test: '6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161',
    },
    content: {
      train: '4e35f5e69bd16b1a92409f186af4625c081c64b4c17acfa161b296088786cf51',
      test: '15f179fc8064b3885ce612239b7bc451486775946a7c64c70562b061ff716383',
    },
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
    // Records rebuilt from these pixels and labels have the md5 of the official binary files (data_batch_1.bin
    // 5dd7e06a14cb22eb9f671a540d1b7c25 to test_batch.bin 803d5f7f4d78ea53de84dbe85f74fb6d).
    sha256: {
      train: '47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a',
      test: 'f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04',
    },
    content: {
      train: '76f226de88bc83d45eca29ff6226b007c8416a8a7869772bf3a0cba54ee836fe',
      test: '49b135eec06acedd8ca906566a4a19005b557637f85630292578a84e8e8d5244',
    },
    licence: 'research use, Krizhevsky 2009',
    downloadBytes: 139_000_000,
    benchmark: true,
  },
  cifar100: {
    label: 'CIFAR-100',
    source: 'user',
    classes: cifar100,
    train: 50_000,
    test: 10_000,
    shape: [32, 32, 3],
    mean: [0.5071, 0.4865, 0.4409],
    std: [0.2673, 0.2564, 0.2762],
    sha256: null,
    content: null,
    // torchvision/datasets/cifar.py. Of the binary version only the archive's hash is published.
    files: [
      { name: 'train', md5: '16019d7e3df5f24257cddd939b257f8d', part: 'train' },
      { name: 'test', md5: 'f0ef6b0ae62326f3e7ffdfab6717acfc', part: 'test' },
    ],
    testPerClass: 100,
    licence: 'research use, Krizhevsky 2009',
    downloadBytes: 0,
    benchmark: true,
  },
  stl10: {
    label: 'STL-10',
    source: 'user',
    classes: stl,
    train: 5000,
    test: 8000,
    shape: [96, 96, 3],
    mean: [0.4467, 0.4398, 0.4066],
    std: [0.2603, 0.2566, 0.2713],
    sha256: null,
    content: null,
    // torchvision/datasets/stl10.py.
    files: [
      { name: 'train_X.bin', md5: '918c2871b30a85fa023e0c44e0bee87f', part: 'train' },
      { name: 'train_y.bin', md5: '5a34089d4802c674881badbb80307741', part: 'train' },
      { name: 'test_X.bin', md5: '7f263ba9f9e0b06b93213547f721ac82', part: 'test' },
      { name: 'test_y.bin', md5: '36f9794fa4beb8a2c72628de14fa638e', part: 'test' },
    ],
    testPerClass: 800,
    licence: 'pictures of ImageNet, Coates, Lee and Ng 2011',
    downloadBytes: 0,
    benchmark: true,
  },
  svhn: {
    label: 'SVHN',
    source: 'user',
    classes: digits,
    train: 73_257,
    test: 26_032,
    shape: [32, 32, 3],
    mean: [0.4377, 0.4438, 0.4728],
    std: [0.198, 0.201, 0.197],
    sha256: null,
    content: null,
    // torchvision/datasets/svhn.py.
    files: [
      { name: 'train_32x32.mat', md5: 'e26dedcc434d2e4c54c9b2d4a06d8373', part: 'train' },
      { name: 'test_32x32.mat', md5: 'eb5a983be6a315427106f1b164d9cef3', part: 'test' },
    ],
    licence: 'non-commercial use, Netzer and others 2011',
    downloadBytes: 0,
    benchmark: true,
  },
  'imagenet-1k': {
    label: 'ImageNet-1k',
    source: 'user',
    classes: Array.from({ length: 1000 }, (_, i) => String(i)),
    train: 1_281_167,
    test: 50_000,
    shape: [0, 0, 3],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    sha256: null,
    content: null,
    // torchvision/datasets/imagenet.py. The kit tells the classes of the validation pictures. The training archive, of 138 GB, is
    // not hashed.
    files: [
      { name: 'ILSVRC2012_img_val.tar', md5: '29b22e2961454d5413ddabcf34fc5622', part: 'test' },
      { name: 'ILSVRC2012_devkit_t12.tar.gz', md5: 'fa75699e90414af021442c21a62c3abf', part: 'test' },
    ],
    testPerClass: 50,
    // timm/data/_info/imagenet_synsets.txt.
    synsets: '70002b0ff5de60a3a17a82dbfcff291931f96225ddf941ad2e182fc39e183d15',
    licence: 'non-commercial research and education, image-net.org',
    downloadBytes: 0,
    benchmark: true,
  },
} as const satisfies Record<string, DatasetRecord>

export type DatasetName = keyof typeof datasets
export const datasetNames = Object.keys(datasets) as DatasetName[]

/** The record of a known data set. Undefined for any other id, those of an object's own members among them. */
export function datasetRecord(id: string): DatasetRecord | undefined {
  return Object.hasOwn(datasets, id) ? datasets[id as DatasetName] : undefined
}
