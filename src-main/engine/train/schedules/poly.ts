import { declining } from './declining.ts'

/** PyTorch's PolynomialLR and timm's PolyLRScheduler: finalLr + (lr − finalLr) · (1 − share)^power. */
export const poly = declining((share, { power }) => (1 - share) ** power)
