// What happens to training pictures at random: the section augment of a run config.
import { z } from 'zod'
import { advanced, meta } from './field-meta.ts'
import {
  augmentationPolicies,
  flips,
  interpolations,
  mixingReferences,
  trainingCrops,
} from './registry/augmentation.ts'
import { namesOf } from './registry/choice-record.ts'

export const augment = z.strictObject({
  crop: z
    .enum(namesOf(trainingCrops))
    .default('none')
    .meta(meta('Training crop', 'How a picture is cut and resized to the size of the input.')),
  cropScale: z
    .array(z.number().positive().max(1))
    .length(2)
    .default([0.08, 1])
    .meta(meta('Area of the crop', 'Smallest and largest share of the picture that a random resized crop keeps.')),
  cropRatio: z
    .array(z.number().positive())
    .length(2)
    .default([3 / 4, 4 / 3])
    .meta(meta('Shape of the crop', 'Smallest and largest width over height of a random resized crop.', advanced)),
  cropShortSide: z
    .array(z.int().positive())
    .length(2)
    .default([256, 480])
    .meta(meta('Shorter side', 'Range of the shorter side before a random crop.', { unit: 'px', ...advanced })),
  interpolation: z
    .enum(namesOf(interpolations))
    .default('bilinear')
    .meta(meta('Interpolation', 'How training pictures are resized.', advanced)),
  pad: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .meta(
      meta('Pad and crop', 'Pad each side, then crop the original size at random; 0 is off.', {
        unit: 'px',
        step: { add: 1 },
      }),
    ),
  padMode: z
    .enum(['zero', 'black', 'reflect'])
    .default('zero')
    .meta(
      meta('Padding', 'Zeros after normalisation, black before it (torchvision), or the mirrored border.', advanced),
    ),
  flip: z.enum(namesOf(flips)).default('none').meta(meta('Flip', 'Left-right mirroring.')),
  cutout: z
    .int()
    .min(0)
    .max(512)
    .default(0)
    .meta(
      meta('Cutout', 'Side of a square set to zero at a random place; 0 is off.', { unit: 'px', step: { add: 2 } }),
    ),
  colorJitter: z
    .array(z.number().min(0))
    .max(4)
    .default([])
    .meta(
      meta('Colour jitter', 'Strength of brightness, contrast, saturation and hue, as in torchvision; empty is off.'),
    ),
  grayscale: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('Grey', 'Probability that a picture loses its colour.', { step: { add: 0.05 }, ...advanced })),
  lighting: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(
      meta('Colour of light', "Deviation of AlexNet's shift along the principal colours of ImageNet; 0 is off.", {
        step: { add: 0.05 },
        ...advanced,
      }),
    ),
  policy: z
    .enum(namesOf(augmentationPolicies))
    .default('none')
    .meta(meta('Policy', 'Random operations on colour and shape, in the form of one reference.')),
  policySpec: z
    .string()
    .max(100)
    .default('')
    .meta(meta('Policy settings', "timm's string, such as rand-m9-mstd0.5-inc1 or augmix-m5-w4.", advanced)),
  policyOperations: z
    .int()
    .min(1)
    .max(16)
    .default(2)
    .meta(meta('Operations', "Operations on each picture in torchvision's RandAugment.", advanced)),
  policyMagnitude: z
    .int()
    .min(0)
    .max(30)
    .default(9)
    .meta(meta('Magnitude', "Bin, of 31, in torchvision's RandAugment.", advanced)),
  policyInterpolation: z
    .enum(['nearest', 'bilinear', 'bicubic', 'random'])
    .default('bilinear')
    .meta(
      meta('Interpolation of the policy', 'For rotations and shears; random is bilinear or bicubic (timm).', advanced),
    ),
  erasing: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta(meta('Random erasing', 'Probability that a rectangle is erased; 0 is off.', { step: { add: 0.05 } })),
  erasingReference: z
    .enum(['torchvision', 'timm'])
    .default('timm')
    .meta(meta('Erasing as in', 'The two differ in the area, the shape and the order of draws.', advanced)),
  erasingFill: z
    .enum(['const', 'rand', 'pixel'])
    .default('const')
    .meta(meta('Erased with', 'Zeros, one random colour (timm), or random pixels.', advanced)),
  erasingCount: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .meta(meta('Most rectangles', "timm's largest count, drawn from 1; their areas share the whole.", advanced)),
  mixup: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta(meta('Mixup', 'Alpha of the beta distribution by which two pictures are mixed; 0 is off.')),
  cutmix: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta(meta('CutMix', 'Alpha of the beta distribution of the box taken from another picture; 0 is off.')),
  mixProbability: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .meta(meta('Mix probability', 'Share of the batches that are mixed.', advanced)),
  mixSwitch: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta(meta('CutMix share', 'Share of the mixed batches that take CutMix where both are on.', advanced)),
  mixReference: z
    .enum(namesOf(mixingReferences))
    .default('timm')
    .meta(meta('Mixing as in', 'Who is mixed with whom, and how the box is rounded.', advanced)),
  splits: z
    .int()
    .min(1)
    .max(8)
    .default(1)
    .meta(
      meta('Splits', 'Views of a picture in one batch for the JSD loss; policy and erasing spare the first (timm).', {
        unit: 'views',
        ...advanced,
      }),
    ),
  repeats: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .meta(
      meta('Repeated augmentation', 'Views of a picture in an epoch, which keeps its length and sees fewer pictures.', {
        unit: 'views',
        ...advanced,
      }),
    ),
})
