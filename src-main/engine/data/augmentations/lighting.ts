// Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks" (2012), section 4.1: one
// shift of all pixels along the principal components of ImageNet's colours.
import type { DrawSource } from './draw-source.ts'

// Of RGB pixels of 0..1, as facebookarchive/fb.resnet.torch (datasets/imagenet.lua) publishes them.
const eigenvalues = [0.2175, 0.0188, 0.0045] as const
const eigenvectors = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
] as const

/** The shift of red, green and blue, on pixels of 0..1; 0.1 is the paper's deviation. */
export function drawLighting(source: DrawSource, deviation: number): number[] {
  const strengths = eigenvalues.map((value) => value * deviation * source.normal())
  return eigenvectors.map((row) => row.reduce((sum, part, i) => sum + part * (strengths[i] ?? 0), 0))
}
