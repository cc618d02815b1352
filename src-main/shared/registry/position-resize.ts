/**
 * Whose arithmetic takes position embeddings to another grid of patches: timm (bicubic with antialias), torchvision (bicubic,
 * corners aligned) or big_vision, as the original JAX code (linear, corners aligned).
 */
export const positionResizes = ['timm', 'torchvision', 'big-vision'] as const
export type PositionResize = (typeof positionResizes)[number]
