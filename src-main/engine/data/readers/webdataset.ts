// WebDataset: tar files whose members with the same name up to the first dot make one sample, such as 0001.jpg and 0001.cls
// (webdataset/tariterators.py, `base_plus_ext` and `group_by_keys`).
import { type TarMember, tarMembers } from '../../formats/tar.ts'
import { throwIfCancelled } from '../cancellation.ts'
import { isPictureName } from '../decode-picture.ts'
import { eventLoopBreaks } from '../event-loop-breaks.ts'
import { displayName, nameOfBytes } from './escaped-names.ts'
import type { FileTree, PictureLocation } from './file-tree.ts'
import { classesOfLabels, type LabelValue, labelValue } from './label-values.ts'
import { folderOf, inWords } from './labelled-folders.ts'
import type { LocatedBytes } from './located-bytes.ts'
import type { DataReader, DetectedFiles, FoundPicture, GivenPart } from './reader.ts'
import { damageInWords, openShard, partOfShard, shardsOf } from './shards.ts'

interface Shard {
  /** Before the names of its samples; '' for a tar that was chosen itself. */
  path: string
  location: PictureLocation
  part: GivenPart | null
}

interface Sample {
  key: string
  picture: { name: string; offset: number; bytes: number } | null
  label: LabelValue | null
  /** Endings of all members, as written in the archive but in lower case. */
  endings: string[]
}

const samplesPerChunk = 1000
const mostLabelBytes = 1024 * 1024
const sampledAtDetection = 20
const shardsTried = 3
/** Fields of .json members that may hold the label, the likeliest first. */
const labelFields = ['label', 'cls', 'class', 'class_id', 'label_name', 'class_name']

export const webdataset: DataReader = {
  name: 'webdataset',
  detect: async (tree) => {
    const shards = await tarsOf(tree)
    const sampled: Sample[] = []
    // The first shards may be damaged.
    for (const shard of shards.slice(0, shardsTried)) {
      if (!sampled.some(isWhole)) sampled.push(...firstSamples(tree, shard))
    }
    const whole = sampled.filter(isWhole)
    if (whole.length === 0 || whole.length * 2 < sampled.length) return null
    return detected(tree, shards, whole[0]?.endings ?? [])
  },
}

function isWhole({ picture, label }: Sample): boolean {
  return picture !== null && label !== null
}

function firstSamples(tree: FileTree, shard: Shard): Sample[] {
  const sampled: Sample[] = []
  const bytes = openShard(tree, shard)
  try {
    for (const sample of samplesOf(bytes, shard.path)) if (sampled.push(sample) >= sampledAtDetection) break
  } catch (error) {
    damageInWords(error)
  } finally {
    bytes.close()
  }
  return sampled
}

async function tarsOf(tree: FileTree): Promise<Shard[]> {
  if (tree.kind === 'tar' && tree.archive !== null) {
    return [{ path: '', location: tree.archive, part: partOfShard(tree.name) }]
  }
  const files = await shardsOf(tree, ({ path }) => /\.tar$/i.test(path))
  return files.map(({ path, location }) => ({ path, location, part: partOfShard(path) }))
}

function detected(tree: FileTree, shards: readonly Shard[], endings: readonly string[]): DetectedFiles {
  const classes: string[] = []
  const files = shards.length === 1 ? '1 tar file' : `${inWords(shards.length)} tar files`
  const members = endings.map((ending) => `.${ending}`).join(' and ')
  return {
    reader: 'webdataset',
    label: tree.name,
    reason: `Looks like WebDataset: ${files} whose members of the same name make samples of ${members}.`,
    storage: 'files',
    classes,
    total: null,
    async *pictures({ signal, onProblem }) {
      const breaks = eventLoopBreaks()
      // Once for the classes, which words do not tell before all are known.
      const values = new Set<LabelValue>()
      for await (const { label } of samplesOfAll(tree, shards, signal, breaks, () => {})) {
        if (label !== null) values.add(label)
      }
      const { classes: found, labelOf } = classesOfLabels(values)
      classes.splice(0, classes.length, ...found)

      let chunk: FoundPicture[] = []
      const seen = new Set<string>()
      let shardOfSeen = ''
      for await (const sample of samplesOfAll(tree, shards, signal, breaks, onProblem)) {
        const { shard, picture, label } = sample
        const name = nameIn(shard, picture?.name ?? sample.key)
        if (shardOfSeen !== shard.path) seen.clear()
        shardOfSeen = shard.path
        if (picture === null) onProblem({ name, reason: 'A sample without a picture' })
        else if (label === null) onProblem({ name, reason: 'A sample without a label in a .cls or .json member' })
        else if (seen.has(name)) onProblem({ name, reason: 'The archive holds another sample of that name' })
        else {
          seen.add(name)
          const location = sample.locate(picture.offset, picture.bytes)
          const group = folderOf(picture.name)
          chunk.push({ name, location, bytes: picture.bytes, label: labelOf(label), part: shard.part, group })
        }
        if (chunk.length < samplesPerChunk) continue
        yield chunk
        chunk = []
      }
      if (chunk.length > 0) yield chunk
    },
  }
}

/** The samples of all shards in their order; what follows damage in a shard is told and left out. */
async function* samplesOfAll(
  tree: FileTree,
  shards: readonly Shard[],
  signal: AbortSignal,
  breaks: () => Promise<void>,
  onProblem: (problem: { name: string; reason: string }) => void,
): AsyncGenerator<Sample & { shard: Shard; locate: LocatedBytes['locate'] }> {
  for (const shard of shards) {
    const bytes = openShard(tree, shard)
    try {
      const samples = samplesOf(bytes, shard.path || tree.name)
      for (;;) {
        throwIfCancelled(signal)
        await breaks()
        let next: IteratorResult<Sample>
        try {
          next = samples.next()
        } catch (error) {
          onProblem({ name: displayName(shard.path || tree.name), reason: damageInWords(error) })
          break
        }
        if (next.done === true) break
        yield { ...next.value, shard, locate: bytes.locate }
      }
    } finally {
      bytes.close()
    }
  }
}

/** The samples of one tar. Throws as `tarMembers`, after the last member that is whole. */
function* samplesOf(bytes: LocatedBytes, archive: string): Generator<Sample> {
  let sample: Sample | null = null
  let damage: unknown = null
  const members = tarMembers(bytes.read, bytes.bytes, displayName(archive))
  for (;;) {
    let member: TarMember | undefined
    try {
      member = members.next().value ?? undefined
    } catch (error) {
      damage = error
    }
    if (member === undefined) break
    if (member.kind !== 'file') continue
    const name = nameOfBytes(member.name).replace(/^(\.\/)+/, '')
    const [, key, ending] = /^((?:.*\/)?[^./]+)\.([^/]*)$/s.exec(name) ?? []
    if (key === undefined || ending === undefined || /(^|\/)__[^/]*__$/.test(key)) continue
    if (sample === null || sample.key !== key) {
      if (sample !== null) yield sample
      sample = { key, picture: null, label: null, endings: [] }
    }
    sample.endings.push(ending.toLowerCase())
    if (isPictureName(`.${ending}`)) {
      sample.picture ??= { name, offset: member.offset, bytes: member.bytes }
    } else if (/(^|\.)(cls|json)$/i.test(ending) && sample.label === null && member.bytes <= mostLabelBytes) {
      sample.label = labelOf(ending, bytes.read(member.offset, member.bytes))
    }
  }
  if (sample !== null) yield sample
  if (damage !== null) throw damage
}

function labelOf(ending: string, content: Uint8Array): LabelValue | null {
  const text = new TextDecoder().decode(content)
  if (/cls$/i.test(ending)) return labelValue(text)
  try {
    const fields: unknown = JSON.parse(text)
    if (typeof fields !== 'object' || fields === null) return labelValue(fields)
    for (const name of labelFields) {
      const value = labelValue((fields as Record<string, unknown>)[name])
      if (value !== null) return value
    }
  } catch {
    return null
  }
  return null
}

function nameIn(shard: Shard, name: string): string {
  return shard.path === '' ? name : `${shard.path}/${name}`
}
