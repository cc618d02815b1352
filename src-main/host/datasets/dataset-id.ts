// Ids for a user's data sets, made from the name of the folder or file.
import { basename } from 'node:path'

/** Lower-case letters, digits and dashes; a number is added when the name is taken. */
export function datasetIdFor(path: string, taken: (id: string) => boolean): string {
  const name = basename(path).replace(/(\.(tar|tgz|gz|zip|npz|bin))+$/i, '')
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'data-set'
  if (!taken(slug)) return slug
  for (let number = 2; ; number += 1) {
    if (!taken(`${slug}-${number}`)) return `${slug}-${number}`
  }
}
