// Pascal VOC (Everingham and others 2010) used for classification: Annotations/*.xml, JPEGImages and the lists of
// ImageSets/Main.
import { XMLParser } from 'fast-xml-parser'
import { throwIfCancelled } from '../cancellation.ts'
import { isPictureName } from '../decode-picture.ts'
import { naturalOrder } from '../named-files.ts'
import { addBox, type Boxes, classByRule, ruleWords } from './box-rules.ts'
import { fileLines } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { foundPicture } from './labelled-folders.ts'
import type { DataReader, DetectedFiles, FoundPicture, GivenPart, ReaderOptions } from './reader.ts'
import { nameOf, readWhole } from './whole-file.ts'

const pictures = 'JPEGImages'
const annotations = 'Annotations'
const lists = 'ImageSets/Main'
const mostXmlBytes = 1024 * 1024
const mostAtOnce = 100

export const voc: DataReader = {
  name: 'voc',
  detect: async (tree, options) => {
    const { folders } = await tree.list('')
    if (!folders.includes(pictures) || !folders.includes(annotations)) return null
    return detectedVoc(tree, await partLists(tree), options)
  },
}

/** The lists that set pictures apart; trainval only where it is not given in two. */
async function partLists(tree: FileTree): Promise<{ part: GivenPart; file: TreeFile }[]> {
  const found: { part: GivenPart; file: TreeFile }[] = []
  for (const part of ['train', 'val', 'test'] as const) {
    const file =
      (await tree.find(`${lists}/${part}.txt`)) ?? (part === 'train' ? await tree.find(`${lists}/trainval.txt`) : null)
    if (file !== null) found.push({ part, file })
  }
  return found
}

function detectedVoc(
  tree: FileTree,
  parts: readonly { part: GivenPart; file: TreeFile }[],
  { boxRule }: ReaderOptions,
): DetectedFiles {
  const classes: string[] = []
  const listed = parts.length === 0 ? 'no lists of parts' : parts.map(({ file }) => nameOf(file)).join(', ')
  return {
    reader: 'voc',
    label: tree.name,
    reason: `Looks like Pascal VOC: ${annotations}, ${pictures} and ${listed}; ${ruleWords[boxRule]}.`,
    storage: 'files',
    classes,
    total: null,
    async *pictures({ signal, onProblem }) {
      const partOf = new Map<string, GivenPart>()
      for (const { part, file } of parts) {
        for await (const line of fileLines(tree, file)) {
          const [name = ''] = line.trim().split(/\s+/, 1)
          if (name !== '') partOf.set(name, part)
        }
      }
      const found = new Map<string, TreeFile>()
      for await (const files of tree.walk(pictures, signal, onProblem)) {
        for (const file of files) if (isPictureName(file.path)) found.set(stemOf(file), file)
      }
      // Every annotation must be read before the classes and their order are known.
      const named: { file: TreeFile; name: string; part: GivenPart | null }[] = []
      for await (const files of tree.walk(annotations, signal, onProblem)) {
        const xmlFiles = files.filter(({ path }) => /\.xml$/i.test(path))
        for (let start = 0; start < xmlFiles.length; start += mostAtOnce) {
          throwIfCancelled(signal)
          const chunk = xmlFiles.slice(start, start + mostAtOnce)
          const read = await Promise.all(chunk.map((xml) => classOf(tree, xml, boxRule)))
          for (const [i, chosen] of read.entries()) {
            const xml = chunk[i]
            if (xml === undefined) continue
            const file = found.get(stemOf(xml))
            if (file === undefined) onProblem({ name: xml.path, reason: `No picture of that name in ${pictures}` })
            else if ('reason' in chosen) onProblem({ name: file.path, reason: chosen.reason })
            else named.push({ file, name: chosen.name, part: partOf.get(stemOf(xml)) ?? null })
          }
        }
      }
      const order = [...new Set(named.map(({ name }) => name))].sort(naturalOrder)
      const labels = new Map(order.map((name, label) => [name, label] as const))
      classes.splice(0, classes.length, ...order)
      const all = named.map(({ file, name, part }): FoundPicture => foundPicture(file, labels.get(name) ?? 0, part))
      for (let start = 0; start < all.length; start += 1000) yield all.slice(start, start + 1000)
    },
  }
}

function stemOf(file: TreeFile): string {
  return nameOf(file).replace(/\.\w+$/, '')
}

async function classOf(
  tree: FileTree,
  xml: TreeFile,
  rule: ReaderOptions['boxRule'],
): Promise<{ name: string } | { reason: string }> {
  if (xml.bytes > mostXmlBytes) return { reason: `Its annotation is larger than ${mostXmlBytes} bytes` }
  const boxes: Boxes = new Map()
  try {
    const document: unknown = parser.parse(new TextDecoder().decode(await readWhole(tree, xml)))
    for (const object of objectsOf(document)) addBox(boxes, object.name, object.area)
  } catch (error) {
    return { reason: `Its annotation cannot be read: ${(error as Error).message}` }
  }
  return classByRule(boxes, rule)
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  isArray: (name, path) => name === 'object' && path === 'annotation.object',
})

function objectsOf(document: unknown): { name: string; area: number }[] {
  const objects = field(field(document, 'annotation'), 'object')
  if (!Array.isArray(objects)) return []
  return objects.flatMap((object: unknown) => {
    const name = field(object, 'name')
    const box = field(object, 'bndbox')
    const side = (from: string, to: string) => Number(field(box, to)) - Number(field(box, from)) + 1
    return typeof name === 'string' && name !== '' ? [{ name, area: side('xmin', 'xmax') * side('ymin', 'ymax') }] : []
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
