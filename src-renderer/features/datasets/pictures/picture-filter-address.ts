// The filter of the picture grid in the address, so that back, forward and links keep it.
import { findingKinds, type PictureFilter } from '../../../../src-main/shared/dataset-views.ts'
import { routePath } from '../../../router/routes.ts'

const parts = ['train', 'val', 'test'] as const

/** The address of the pictures of a data set under a filter. */
export function picturesAddress(id: string, filter: PictureFilter): string {
  const search = new URLSearchParams()
  for (const key of ['part', 'label', 'finding', 'excluded', 'text'] as const) {
    const value = filter[key]
    if (value !== undefined && value !== '') search.set(key, String(value))
  }
  const path = routePath({ view: 'dataset', datasetId: id, tab: 'pictures' })
  const query = search.toString()
  return query === '' ? path : `${path}?${query}`
}

/** The filter of an address; what it does not know is left out. */
export function parsePictureFilter(search: URLSearchParams): PictureFilter {
  const label = search.get('label')
  const excluded = search.get('excluded')
  const part = parts.find((name) => name === search.get('part'))
  const finding = findingKinds.find((kind) => kind === search.get('finding'))
  const text = search.get('text')
  return {
    ...(part && { part }),
    ...(label !== null && /^\d+$/.test(label) && { label: Number(label) }),
    ...(finding && { finding }),
    ...((excluded === 'true' || excluded === 'false') && { excluded: excluded === 'true' }),
    ...(text && { text }),
  }
}
