// Who may import whom. The table is the one of ARCHITECTURE.md; import-rules.test.ts holds the tree to it.
import { posix } from 'node:path'

interface Room {
  /** Folder or file, from the root of the repository; the longest one that holds a file is its room. */
  path: string
  /** Folders or files that it may import besides itself. */
  mayImport: string[]
  /** Those of which it may import types only. */
  mayImportTypes?: string[]
  /** The only packages and Node modules it may import, where that is limited. */
  packages?: string[]
}

const shared = 'src-main/shared'
const launch = 'src-main/launch'
const engine = 'src-main/engine'
const library = `${engine}/tensorflow/library`
const schedules = `${engine}/train/schedules`
const manifest = `${engine}/data/dataset-manifest.ts`
const philox = `${engine}/data/philox.ts`
const router = 'src-main/host/api'
const pictureIndex = 'src-main/picture-index'
const preparation = 'src-main/preparation'
const numeric = ['nn', 'data', 'feed', 'tensorflow', 'formats', 'evaluate', 'train'].map((name) => `${engine}/${name}`)

export const rooms: Room[] = [
  { path: shared, mayImport: [], packages: ['zod'] },
  { path: launch, mayImport: [shared] },
  { path: `${engine}/formats`, mayImport: [shared] },
  { path: `${engine}/tensorflow`, mayImport: [shared] },
  // Finds and installs files, and loads none of them: so host, command line and scripts may use it.
  { path: library, mayImport: [shared, launch] },
  { path: `${engine}/nn`, mayImport: [shared, `${engine}/tensorflow`] },
  { path: `${engine}/data`, mayImport: [shared, `${engine}/formats`] },
  // What the host may know of prepared data without decoding any.
  { path: manifest, mayImport: [shared] },
  // Decoding threads: TensorFlow's JPEG decoder between the readers of data and the transforms.
  {
    path: `${engine}/feed`,
    mayImport: [shared, ...['data', 'formats', 'tensorflow'].map((name) => `${engine}/${name}`)],
  },
  // The pictures of a data set in one SQLite file each: written by data workers, read by the host and by runs.
  { path: pictureIndex, mayImport: [shared], mayImportTypes: [`${engine}/data/readers`] },
  { path: `${engine}/train`, mayImport: [shared, ...numeric] },
  // Pure functions of a config, so that the host can draw the curve of the learning rate.
  { path: schedules, mayImport: [shared] },
  // Weights of other frameworks: files in, a network's variables set, with how its pictures are prepared; the layouts are
  // those of our checkpoints.
  {
    path: `${engine}/weights`,
    mayImport: [
      shared,
      ...['nn', 'tensorflow', 'formats', 'data/transforms', 'train/torch-layout.ts', 'train/checkpoint.ts'].map(
        (name) => `${engine}/${name}`,
      ),
    ],
  },
  { path: `${engine}/evaluate`, mayImport: [shared, ...numeric] },
  // The verdict is computed in the host: it is a pure function of figures.
  { path: `${engine}/evaluate/verdict.ts`, mayImport: [shared, `${engine}/evaluate/student-t.ts`] },
  // Makes data sets ready and changes them: readers on one side, index and files of raw pixels on the other.
  { path: preparation, mayImport: [shared, `${engine}/data`, `${engine}/formats`, pictureIndex] },
  { path: 'src-main/worker', mayImport: [shared, launch, engine, pictureIndex, preparation] },
  {
    path: 'src-main/host',
    // Of the engine what is pure: the verdict, the curve of the learning rate, the numbers that sweeps draw.
    mayImport: [shared, launch, library, schedules, manifest, philox, pictureIndex, `${engine}/evaluate/verdict.ts`],
  },
  { path: 'src-main/desktop', mayImport: [shared, launch] },
  { path: 'src-main/cli', mayImport: [shared, launch, library], mayImportTypes: [router] },
  { path: 'src-renderer', mayImport: [shared], mayImportTypes: [router] },
  { path: 'tools', mayImport: ['src-main'] },
  { path: 'e2e', mayImport: ['src-main', 'tools'] },
]

/** Packages that belong to one room: heavy native code and the browser's own. */
export const packageHomes: Record<string, string[]> = {
  koffi: [`${engine}/tensorflow/capi.ts`],
  '@tensorflow/tfjs-core': [`${engine}/tensorflow`, `${engine}/nn`, `${engine}/train`, `${engine}/evaluate`, 'tools'],
  '@tensorflow/tfjs-node-gpu': [`${engine}/tensorflow`],
  electron: ['src-main/desktop', 'e2e'],
  'better-sqlite3': ['src-main/host', pictureIndex],
  fastify: ['src-main/host'],
  sharp: [`${engine}/data`, 'e2e'],
  react: ['src-renderer'],
}

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  path: string
  text: string
}

interface Import {
  specifier: string
  typeOnly: boolean
  line: number
}

const statement = /^[ \t]*(import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]/gm
const bare = /^[ \t]*import\s*['"]([^'"]+)['"]/gm
const dynamic = /\b(?:import|require|createRequire\([^)]*\))\(\s*['"`]([^'"`]+)['"`]/g

/** True for `import type ...`, `export type ...`, and for braces in which every name is marked `type`. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1]
  const list = names?.split(',').filter((name) => name.trim() !== '') ?? []
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name))
}

/** All imports of a source, dynamic ones too; comments are left out. */
export function importsOf(text: string): Import[] {
  // A line comment starts a line or follows a space; blanks keep the line numbers.
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[ \t])\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))
  const at = (index: number) => code.slice(0, index).split('\n').length
  const found: Import[] = []
  for (const match of code.matchAll(statement)) {
    found.push({ specifier: match[3] ?? '', typeOnly: isTypeOnly(match[2] ?? ''), line: at(match.index) })
  }
  for (const pattern of [bare, dynamic]) {
    for (const match of code.matchAll(pattern)) {
      found.push({ specifier: match[1] ?? '', typeOnly: false, line: at(match.index) })
    }
  }
  return found
}

const lies = (path: string, within: string) => path === within || path.startsWith(`${within}/`)

/** The room of a file: the longest path of the table that holds it. */
export function roomOf(path: string): Room | undefined {
  return rooms.filter((room) => lies(path, room.path)).sort((a, b) => b.path.length - a.path.length)[0]
}

function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

function wrongPackage(file: string, room: Room, specifier: string): string | null {
  const name = packageName(specifier)
  if (room.packages !== undefined && !room.packages.includes(name)) {
    return `may import only ${room.packages.join(', ')} from outside`
  }
  const homes = packageHomes[name]
  if (homes !== undefined && !homes.some((home) => lies(file, home))) return `${name} belongs to ${homes.join(', ')}`
  return null
}

function wrongFile(room: Room, target: string, typeOnly: boolean): string | null {
  if (lies(target, room.path)) return null
  const permitted = [...room.mayImport, ...(typeOnly ? (room.mayImportTypes ?? []) : [])]
  if (permitted.some((path) => lies(target, path))) return null
  if (room.mayImportTypes?.some((path) => lies(target, path))) return `may import only types of ${target}`
  return `may not import ${target}`
}

/** Every import that the table forbids, as a sentence with file and line. Tests, and what is named for them, may also use vitest and tools/. */
export function wrongImports(files: SourceFile[]): string[] {
  const wrong: string[] = []
  for (const { path, text } of files) {
    const room = roomOf(path)
    if (room === undefined) {
      if (path.includes('/') && !path.startsWith('src-main/import-rules'))
        wrong.push(`${path}: lies in no room of the table`)
      continue
    }
    const isTest = /(\.test|-for-tests)\.tsx?$/.test(path)
    for (const { specifier, typeOnly, line } of importsOf(text)) {
      const isFile = specifier.startsWith('.')
      const target = isFile ? posix.join(posix.dirname(path), specifier) : ''
      if (isTest && (isFile ? lies(target, 'tools') : !packageHomes[packageName(specifier)])) continue
      const reason = isFile ? wrongFile(room, target, typeOnly) : wrongPackage(path, room, specifier)
      if (reason !== null) wrong.push(`${path}:${line}: ${room.path} ${reason}`)
    }
  }
  return wrong
}
