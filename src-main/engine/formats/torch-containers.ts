// The two containers of torch.save (torch/serialization.py): since PyTorch 1.6 a zip archive with data.pkl and one entry
// data/KEY for each storage; before, pickles one after the other, then the storages.
import { RepriseError } from '../../shared/errors.ts'
import { readLeadingPickle, readPickle } from './pickle.ts'
import { inWords, type PickleValue, plainData } from './pickle-values.ts'
import { bytesPerValue } from './safetensors.ts'
import { type TorchStorage, torchVocabulary } from './torch-pickle.ts'
import { matchZip, readZip } from './zip.ts'

export interface TorchContainer {
  root: PickleValue
  /** The bytes of every storage that the root refers to, by key. */
  storages: ReadonlyMap<string, Uint8Array>
}

/** A pickle of 0x1950a86a20f9469cfc6c, which begins the files of PyTorch before 1.6. */
const legacyMagic = Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e)
const legacyProtocol = 1001

/** True when the bytes begin as either container; any other zip archive passes here too. */
export function matchTorch(bytes: Uint8Array): boolean {
  return matchZip(bytes) || isLegacy(bytes)
}

/**
 * Reads either container; runs nothing that the file names.
 * Throws `data-truncated` when it ends too early, `data-format` when it is damaged or holds anything but data.
 */
export async function readTorchContainer(bytes: Uint8Array, file: string): Promise<TorchContainer> {
  if (matchZip(bytes)) return readZipContainer(await readZip(bytes, file), file)
  if (isLegacy(bytes)) return readLegacyContainer(bytes, file)
  throw damaged(file, 'a zip archive or a file of PyTorch before 1.6', 'other first bytes')
}

function readZipContainer(entries: ReadonlyMap<string, Uint8Array>, file: string): TorchContainer {
  const pickleName = [...entries.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'))
  const pickle = entries.get(pickleName ?? '')
  if (pickleName === undefined || pickle === undefined) {
    throw damaged(file, 'an entry data.pkl', [...entries.keys()].slice(0, 5).join(', ') || 'no entries')
  }
  const folder = pickleName.slice(0, -'data.pkl'.length)
  const byteOrder = new TextDecoder().decode(entries.get(`${folder}byteorder`) ?? new Uint8Array()).trim()
  if (byteOrder === 'big') throw damaged(file, 'little-endian values', 'big-endian values')
  const storages = new Map<string, Uint8Array>()
  const vocabulary = torchVocabulary(({ key }) => {
    const data = entries.get(`${folder}data/${key}`)
    if (data === undefined) throw damaged(file, `an entry ${folder}data/${key}`, 'none of that name')
    storages.set(key, data)
  })
  return { root: readPickle(pickle, file, vocabulary), storages }
}

function readLegacyContainer(bytes: Uint8Array, file: string): TorchContainer {
  let at = legacyMagic.length
  const next = (vocabulary = plainData) => {
    const { value, end } = readLeadingPickle(bytes.subarray(at), file, vocabulary)
    at += end
    return value
  }
  const protocol = next()
  if (protocol !== legacyProtocol) throw damaged(file, `the protocol ${legacyProtocol}`, inWords(protocol))
  const system = next()
  const littleEndian = system instanceof Map && system.get('little_endian') === true
  if (!littleEndian) throw damaged(file, 'little-endian values', 'big-endian values, or none that are said to be')
  const named = new Map<string, TorchStorage>()
  const root = next(torchVocabulary((storage) => named.set(storage.key, storage)))
  const keys = next()
  if (!Array.isArray(keys)) throw damaged(file, 'a list of storages', 'something else')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const storages = new Map<string, Uint8Array>()
  for (const key of keys) {
    const storage = typeof key === 'string' ? named.get(key) : undefined
    if (storage === undefined) throw damaged(file, 'storages that tensors refer to', `the storage ${inWords(key)}`)
    if (at + 8 > bytes.length) throw truncated(file, at + 8, bytes.length)
    const end = at + 8 + Number(view.getBigUint64(at, true)) * bytesPerValue[storage.dtype]
    if (end > bytes.length) throw truncated(file, end, bytes.length)
    storages.set(storage.key, bytes.subarray(at + 8, end))
    at = end
  }
  for (const key of named.keys()) if (!storages.has(key)) throw damaged(file, `the storage ${key}`, 'none of that key')
  if (at !== bytes.length) throw damaged(file, `${at} bytes`, `${bytes.length} bytes`)
  return { root, storages }
}

function isLegacy(bytes: Uint8Array): boolean {
  return legacyMagic.every((byte, i) => bytes[i] === byte)
}

function truncated(file: string, expected: number, found: number): RepriseError {
  return new RepriseError({
    code: 'data-truncated',
    message: `${file} ends too early`,
    expected: `at least ${expected} bytes`,
    found: `${found} bytes`,
    fix: 'The copy or download was cut off: get the file again from its source.',
  })
}

function damaged(file: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} is not a whole PyTorch checkpoint`,
    expected,
    found,
    fix: 'Get the file again from its source, or save it again with torch.save.',
  })
}
