// COCO's object annotations (Lin and others 2014) used for classification: instances_*.json with the pictures beside.
import { RepriseError } from '../../../shared/errors.ts'
import { jsonElements } from '../../formats/json-elements.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { addBox, type Boxes, classByRule, ruleWords } from './box-rules.ts'
import { fileChunks } from './file-chunks.ts'
import type { FileTree, TreeFile } from './file-tree.ts'
import { folderOf, foundPicture, inWords } from './labelled-folders.ts'
import { findListed, findPathRule, type PathRule } from './listed-paths.ts'
import { takeOnce } from './listed-pictures.ts'
import { partOfFile } from './part-names.ts'
import type { DataReader, DetectedFiles, FoundPicture, GivenPart, ReaderOptions } from './reader.ts'
import { nameOf } from './whole-file.ts'

interface AnnotatedPicture {
  name: string
  boxes: Boxes
}

interface Annotations {
  file: TreeFile
  part: GivenPart | null
  pictures: AnnotatedPicture[]
  /** In the order of their ids. */
  categories: string[]
  rule: PathRule
}

const sniffedBytes = 4096
const mostFiles = 100
const mostAtOnce = 500

export const coco: DataReader = {
  name: 'coco',
  detect: async (tree, options) => {
    const lists: Annotations[] = []
    for (const file of await annotationFiles(tree)) {
      const list = await readAnnotations(tree, file)
      if (list !== null) lists.push(list)
    }
    return lists.length === 0 ? null : detectedLists(tree, lists, options)
  },
}

/** Those of the first usual place that holds one; instances_*.json where there are such. */
async function annotationFiles(tree: FileTree): Promise<TreeFile[]> {
  const root = await tree.list('')
  const exported: TreeFile[] = []
  for (const folder of root.folders) {
    // Where the exports of annotation tools put it.
    const file = /^(train|valid|val|test)$/i.test(folder) ? await tree.find(`${folder}/_annotations.coco.json`) : null
    if (file !== null) exported.push(file)
  }
  for (const files of [root.files, (await tree.list('annotations')).files, exported]) {
    const named = files.filter(({ path }) => /\.json$/i.test(path))
    // One file for each picture is another format.
    if (named.length > mostFiles) continue
    const instances = named.filter((file) => nameOf(file).startsWith('instances_'))
    const found: TreeFile[] = []
    for (const file of instances.length > 0 ? instances : named) {
      if (await looksLikeCoco(tree, file)) found.push(file)
    }
    if (found.length > 0) return found
  }
  return []
}

async function looksLikeCoco(tree: FileTree, file: TreeFile): Promise<boolean> {
  const bytes = Math.min(sniffedBytes, file.bytes)
  const head = new TextDecoder().decode(await tree.read(file, { offset: 0, bytes }))
  const tail = new TextDecoder().decode(await tree.read(file, { offset: file.bytes - bytes, bytes }))
  return /^\s*\{/.test(head) && /"(images|annotations|categories|bbox)"\s*:/.test(head + tail)
}

/** Null for a file without pictures, boxes or categories. Throws `data-missing` when its pictures are not there. */
async function readAnnotations(tree: FileTree, file: TreeFile): Promise<Annotations | null> {
  const names = new Map<string, string>()
  const categories = new Map<number, string>()
  const boxes: { image: string; category: number; area: number }[] = []
  const keys = ['images', 'annotations', 'categories']
  for await (const { key, value } of jsonElements(fileChunks(tree, file), keys, file.path)) {
    const entry = entryOf(value)
    if (key === 'images' && typeof entry.file_name === 'string') names.set(String(entry.id), entry.file_name)
    if (key === 'categories' && typeof entry.name === 'string') categories.set(Number(entry.id), entry.name)
    if (key === 'annotations') {
      boxes.push({ image: String(entry.image_id), category: Number(entry.category_id), area: areaOf(entry) })
    }
  }
  if (names.size === 0 || categories.size === 0 || boxes.length === 0) return null
  const pictures = new Map([...names].map(([id, name]) => [id, { name, boxes: new Map() as Boxes }] as const))
  for (const { image, category, area } of boxes) {
    const name = categories.get(category)
    const picture = pictures.get(image)
    if (name !== undefined && picture !== undefined) addBox(picture.boxes, name, area)
  }
  const stem = nameOf(file).replace(/^instances_|\.json$/gi, '')
  const near = [folderOf(file.path), stem, `images/${stem}`]
  const rule = await findPathRule(tree, [...names.values()].slice(0, 20), near)
  if (rule === null) {
    throw new RepriseError({
      code: 'data-missing',
      message: `${file.path} is a COCO file, but its pictures are not beside it`,
      expected: [...names.values()].slice(0, 3).join(', '),
      found: `none of them in ${tree.name}, ${near.slice(1).join(', ')} or images`,
      fix: 'Choose the folder that holds both the pictures and the annotations.',
    })
  }
  const byId = [...categories].sort(([a], [b]) => a - b).map(([, name]) => name)
  return { file, part: partOfName(file), pictures: [...pictures.values()], categories: byId, rule }
}

function detectedLists(tree: FileTree, lists: readonly Annotations[], { boxRule }: ReaderOptions): DetectedFiles {
  const taken = new Set<string>()
  let total = 0
  for (const { boxes } of lists.flatMap(({ pictures }) => pictures)) {
    const chosen = classByRule(boxes, boxRule)
    if (!('name' in chosen)) continue
    taken.add(chosen.name)
    total += 1
  }
  const known = new Set(lists.flatMap(({ categories }) => categories))
  const classes = [...known].filter((name) => taken.has(name))
  const labels = new Map(classes.map((name, label) => [name, label] as const))
  return {
    reader: 'coco',
    label: tree.name,
    reason: `Looks like COCO: ${lists.map(({ file }) => nameOf(file)).join(', ')} with ${inWords(known.size)} categories; ${ruleWords[boxRule]}.`,
    storage: 'files',
    classes,
    total,
    async *pictures({ signal, onProblem }) {
      const seen = new Set<string>()
      for (const { pictures, rule, part } of lists) {
        for (let start = 0; start < pictures.length; start += mostAtOnce) {
          throwIfCancelled(signal)
          const chunk = pictures.slice(start, start + mostAtOnce)
          const found = await Promise.all(
            chunk.map(async ({ name, boxes }): Promise<FoundPicture | { reason: string }> => {
              const chosen = classByRule(boxes, boxRule)
              if ('reason' in chosen) return chosen
              const file = await findListed(tree, name, rule)
              return 'reason' in file ? file : foundPicture(file, labels.get(chosen.name) ?? 0, part)
            }),
          )
          const names = chunk.map(({ name }) => name)
          const whole = takeOnce(found, names, seen, onProblem)
          if (whole.length > 0) yield whole
        }
      }
    },
  }
}

/** instances_train2017.json says it by its name, _annotations.coco.json by its folder. */
function partOfName(file: TreeFile): GivenPart | null {
  return partOfFile(nameOf(file)) ?? partOfFile(`${folderOf(file.path)}.json`)
}

function areaOf(entry: Record<string, unknown>): number {
  const box = entry.bbox
  return Array.isArray(box) ? Number(box[2]) * Number(box[3]) : Number(entry.area)
}

function entryOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
