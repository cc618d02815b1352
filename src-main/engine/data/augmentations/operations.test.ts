import { expect, test } from 'vitest'
import { augmentationOracles, oraclePicture, summarised } from '../../../../tools/oracle/read-augmentations.ts'
import { grayscale, hue } from './enhance.ts'
import { applyOperations, operationNames } from './operations.ts'

const { fill, operations, hue: hues, grayscale: grey } = augmentationOracles()

test('every operation of the registry has an oracle', () => {
  expect(operationNames.filter((name) => !operations.some((oracle) => oracle.name === name))).toEqual([])
})

test.each(operations)('$name $argument $filter of $size equals Pillow to the bit', (oracle) => {
  const source = oraclePicture(oracle.picture, ...oracle.size)
  const call = { ...oracle, filter: oracle.filter ?? 'nearest' }
  expect(summarised(applyOperations(source, [call], fill))).toEqual(oracle.output)
})

test.each(hues)('hue turned by $factor', ({ factor, picture, size, output }) => {
  expect(summarised(hue(oraclePicture(picture, ...size), factor))).toEqual(output)
})

test('grayscale', () => {
  expect(summarised(grayscale(oraclePicture(0, 37, 53)))).toEqual(grey)
})
