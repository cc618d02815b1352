import { expect, test } from 'vitest'
import { grownSize, inputMisfit, preparesEvaluation, preparesTraining } from './input-fit.ts'
import { type RunConfigInput, runConfigSchema } from './run-config.ts'

const config = (input: RunConfigInput) => runConfigSchema.parse({ model: { name: 'resnet18' }, ...input })
const misfit = (input: RunConfigInput, shape: [number, number, number]) => inputMisfit(config(input), shape, 'These')

test('pictures of the size of the input, or a little smaller, are taken as they are stored', () => {
  const lenet = config({ model: { name: 'lenet5' }, augment: { pad: 2, flip: 'random', cutout: 4 } })
  expect([preparesTraining(lenet, [28, 28, 1]), preparesEvaluation(lenet, [28, 28, 1])]).toEqual([false, false])
  expect(inputMisfit(lenet, [28, 28, 1], 'MNIST')).toBeNull()
})

test('everything that the compiled step does not do is prepared', () => {
  const shape = [224, 224, 3] as const
  expect(preparesTraining(config({}), shape)).toBe(false)
  const settings = [
    { crop: 'random-resized' },
    { policy: 'trivial-wide' },
    { colorJitter: [0.4] },
    { grayscale: 0.2 },
    { lighting: 0.1 },
    { erasing: 0.1 },
    { mixup: 0.2 },
    { cutmix: 1 },
  ] as const
  for (const augment of settings) {
    expect(preparesTraining(config({ augment: augment as RunConfigInput['augment'] }), shape)).toBe(true)
  }
  expect(preparesTraining(config({ augment: { colorJitter: [0, 0, 0] } }), shape)).toBe(false)
  expect(preparesTraining(config({ input: { growFrom: 128 } }), shape)).toBe(true)
  expect(preparesEvaluation(config({ evaluation: { testAugmentation: 'ten-crop' } }), shape)).toBe(true)
  expect(preparesEvaluation(config({ evaluation: { testAugmentation: 'mirror' } }), shape)).toBe(false)
  expect(preparesEvaluation(config({ evaluation: { size: 160 } }), shape)).toBe(true)
})

test('pictures of another size need a crop, and then fit', () => {
  expect(misfit({}, [32, 32, 3])).toMatchObject({ code: 'config-out-of-range', expected: 'pictures of 224 x 224 x 3' })
  expect(misfit({ augment: { crop: 'random-resized' } }, [32, 32, 3])).toBeNull()
  expect(misfit({ input: { size: 32 } }, [32, 32, 3])).toBeNull()
})

test('what cannot work together is refused with what would mend it', () => {
  const shape: [number, number, number] = [224, 224, 3]
  expect(misfit({ augment: { mixup: 0.2 } }, [224, 224, 1])?.expected).toBe('pictures of 224 x 224 x 3')
  const vit = { model: { name: 'vit-tiny-patch16' }, augment: { crop: 'random-resized' } } as const
  expect(misfit({ ...vit, evaluation: { size: 384 } }, shape)?.found).toBe('384 x 384')
  expect(misfit({ ...vit, input: { growFrom: 160 } }, shape)?.found).toBe('growth from 160')
  expect(misfit({ ...vit, input: { size: 384 } }, shape)).toBeNull()
  expect(misfit({ augment: { erasing: 0.1 }, input: { normalization: 'pixel-mean' } }, shape)?.fix).toContain('channel')
  const padded = { policy: 'auto-cifar10', pad: 4 } as const
  expect(misfit({ augment: padded }, shape)?.fix).toContain('black')
  expect(misfit({ augment: { ...padded, padMode: 'black' } }, shape)).toBeNull()
  expect(misfit({ augment: { cutmix: 1, mixReference: 'big-vision' } }, shape)?.found).toBe('1')
  const jsd = { train: { loss: 'jsd' } } as const
  expect(misfit(jsd, shape)?.found).toBe('1 with jsd')
  expect(misfit({ augment: { splits: 3 } }, shape)?.found).toBe('3 with cross-entropy')
  expect(misfit({ ...jsd, augment: { splits: 3 } }, shape)).toBeNull()
  expect(misfit({ ...jsd, augment: { splits: 3, mixup: 1 } }, shape)?.found).toBe('3 with jsd')
  const small = { testAugmentation: 'five-crop', resize: 200 } as const
  expect(misfit({ evaluation: small }, shape)?.expected).toBe('224 x 224 or more')
})

test('pictures in files of unlike sizes need a crop, and colour', () => {
  const files: [number, number, number] = [0, 0, 3]
  expect(misfit({}, files)).toMatchObject({
    message: expect.stringContaining('without a training crop'),
    found: 'files of unlike sizes',
  })
  for (const crop of ['random-resized', 'random-crop'] as const) expect(misfit({ augment: { crop } }, files)).toBeNull()
  const cropped = { augment: { crop: 'random-resized' } } as const
  expect(misfit({ ...cropped, model: { name: 'lenet5' } }, files)?.message).toContain('another number of channels')
  expect(misfit({ ...cropped, model: { name: 'airbench94' } }, files)?.message).toContain('first layer')
  expect(misfit({ ...cropped, input: { normalization: 'pixel-mean' } }, files)?.fix).toContain('channel')
  expect(misfit({ ...cropped, data: { shortSide: 256 } }, files)).toBeNull()
  expect(misfit({ data: { shortSide: 256 } }, [224, 224, 3])?.expected).toBe('data.shortSide 0')
})

test('a growing input follows a straight line in steps of 32', () => {
  // ffcv-imagenet's rn50_configs: 160 to 192 from epoch 76 to 88 of 88.
  const grown = config({ input: { size: 192, growFrom: 160, growStart: 76 / 88, growEnd: 1 } })
  expect([0, 76, 81, 83, 87].map((epoch) => grownSize(grown, epoch / 88)[0])).toEqual([160, 160, 160, 192, 192])
  expect(grownSize(config({}), 0)).toEqual([224, 224])
})
