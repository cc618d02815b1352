// Pictures that a run takes smaller than they are stored, before anything else happens to them.
import { keptSize } from '../../shared/picture-cache.ts'
import { type UncutPicture, uncut } from './picture-preparation.ts'
import type { Picture } from './transforms/picture.ts'
import { resize } from './transforms/resample.ts'

/** The picture with its shorter side at most `shortSide` (Pillow's bilinear); 0 leaves all as they are. */
export function withShortSide(picture: Picture, shortSide: number): Picture {
  const { height, width } = keptSize(picture, shortSide)
  return height === picture.height && width === picture.width ? picture : resize(picture, height, width, 'bilinear')
}

/** The same for a picture that is not decoded yet; one that is small enough stays so. */
export function uncutWithShortSide(picture: UncutPicture, shortSide: number): UncutPicture {
  const { height, width } = picture
  if (shortSide === 0 || Math.min(height, width) <= shortSide) return picture
  return uncut(withShortSide(picture.cut({ top: 0, left: 0, height, width }), shortSide))
}
