// Which columns of a Parquet file hold pictures and labels: by the note that datasets writes, or else by their names and types.
import type { ParquetFooter } from '../../formats/parquet-footer.ts'

export interface PictureColumns {
  picture: string
  /** File names, for rows that hold no bytes. */
  path: string | null
  label: string
  /** Of the classes, in the order of the labels; null where labels are words or are not named. */
  names: string[] | null
}

interface Feature {
  _type?: unknown
  names?: unknown
}

const pictureNames = ['image', 'img', 'picture', 'image_bytes', 'jpg', 'png', 'webp']
const labelNames = ['label', 'labels', 'fine_label', 'class', 'target', 'cls', 'y']

/** Null where no column holds encoded pictures, or none labels. */
export function pictureColumnsOf(footer: ParquetFooter): PictureColumns | null {
  const features = featuresOf(footer)
  const ofType = (type: string) => Object.keys(features).filter((name) => features[name]?._type === type)
  const holdsBytes = (path: string) =>
    footer.leaves.some((leaf) => leaf.path === path && leaf.type === 'BYTE_ARRAY' && !leaf.isRepeated)
  const picture = [...ofType('Image'), ...pictureNames]
    .flatMap((name) => [`${name}.bytes`, name])
    .find((path) => holdsBytes(path))
  const labels = ofType('ClassLabel').sort((a, b) => rank(a) - rank(b))
  const label = [...labels, ...labelNames].find((name) =>
    footer.leaves.some((leaf) => leaf.path === name && leaf.type !== 'other' && !leaf.isRepeated),
  )
  if (picture === undefined || label === undefined) return null
  const path = picture.replace(/\.bytes$/, '.path')
  return { picture, path: path !== picture && holdsBytes(path) ? path : null, label, names: namesOf(features[label]) }
}

function rank(name: string): number {
  const place = labelNames.indexOf(name)
  return place === -1 ? labelNames.length : place
}

/** By column, from the metadata that datasets writes; none where there is no such metadata. */
function featuresOf(footer: ParquetFooter): Record<string, Feature> {
  try {
    const { info } = JSON.parse(footer.note('huggingface') ?? '{}') as { info?: { features?: unknown } }
    const features = info?.features
    return typeof features === 'object' && features !== null ? (features as Record<string, Feature>) : {}
  } catch {
    return {}
  }
}

/** A list, or in older files an object with the label as key. */
function namesOf(feature: Feature | undefined): string[] | null {
  const names = feature?.names
  if (typeof names !== 'object' || names === null) return null
  const list = Array.isArray(names) ? names : Object.keys(names).map((key) => (names as Record<string, unknown>)[key])
  return list.length > 0 && list.every((name) => typeof name === 'string') ? list : null
}
