// The kinds of sources that become data sets. What a reader looks for is told in engine/data/readers/.

export const readerNames = [
  'class-folders',
  'train-val-folders',
  'imagenet',
  'tiny-imagenet',
  'cifar-binary',
  'cifar-python',
  'idx',
  'stl10',
  'svhn',
  'csv',
  'jsonl',
  'coco',
  'voc',
  'webdataset',
  'tfrecord',
  'parquet',
] as const

export type ReaderName = (typeof readerNames)[number]

/** How boxes of a picture become one class: pictures of one class only, the class of the largest box, or the most frequent one. */
export const boxRules = ['single', 'largest', 'most'] as const
export type BoxRule = (typeof boxRules)[number]
