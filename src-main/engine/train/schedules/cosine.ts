import { declining } from './declining.ts'

/** PyTorch's CosineAnnealingLR and timm's CosineLRScheduler: finalLr + (lr − finalLr) · (1 + cos(π share)) / 2. */
export const cosine = declining((share) => (1 + Math.cos(Math.PI * share)) / 2)
