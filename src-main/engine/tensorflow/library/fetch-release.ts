// Fetches a release and keeps its libraries and licences only.
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RepriseError } from '../../../shared/errors.ts'
import type { archiveDownload } from './archive-download.ts'
import { type InstallManifest, sha256OfFile } from './install-manifest.ts'
import type { pipDownload } from './pip-download.ts'
import type { ArchiveRelease, WheelRelease } from './releases.ts'
import { readZipEntry, type UnpackedFile, untar, unzip } from './unpack.ts'

/** An install under way. */
export interface Installing {
  /** The folder that becomes the install. */
  folder: string
  /** Folder for downloads, gone afterwards. */
  downloads: string
  report: (phase: 'download' | 'unpack', doneBytes: number) => void
  pip: typeof pipDownload
  archive: typeof archiveDownload
  signal: AbortSignal | undefined
}

type Origin = InstallManifest['origin']

const licence = /(^|\/)(licen[cs]es?|copying|notice|third_party_notices)(\.(txt|md|rst))?$/i
const dependencyFile =
  /^nvidia\/([^/]+\/lib\/[^/]+\.so[^/]*|cuda_nvcc\/(bin\/(ptxas|nvlink|fatbinary)|nvvm\/libdevice\/[^/]+))$/

/** The error for a file whose content is not the pinned one. */
export function mismatch(name: string, expected: string, found: string): RepriseError {
  return new RepriseError({
    code: 'hash-mismatch',
    message: `${name} is not the file it should be.`,
    expected: `sha256 ${expected}`,
    found: `sha256 ${found}`,
    fix: 'Start again; the file is fetched afresh. If it stays so, the package index serves a changed file: do not use it.',
  })
}

/** A file name for a licence that keeps apart the many of one wheel: its path with dashes. */
function licenceName(entry: string): string {
  return `licences/${entry.replaceAll('/', '-')}`
}

/** Tries the wheels of a release until the index has one, each again when it arrives broken. */
async function downloadWheel(release: WheelRelease, work: Installing): Promise<{ path: string; sha256: string }> {
  const { signal, report } = work
  const requirement = `${release.distribution}==${release.version}`
  let last: unknown
  for (const wheel of release.wheels) {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const into = await mkdtemp(join(work.downloads, 'wheel-'))
      try {
        const [path] = await work.pip({
          requirements: [requirement],
          python: wheel.python,
          platformTags: [release.platformTag],
          into,
          onBytes: (bytes) => report('download', bytes),
          signal,
        })
        if (path === undefined) throw mismatch(requirement, wheel.sha256, 'nothing')
        const sha256 = await sha256OfFile(path, signal)
        if (sha256 !== wheel.sha256) throw mismatch(basename(path), wheel.sha256, sha256)
        return { path, sha256 }
      } catch (error) {
        signal?.throwIfAborted()
        last = error
        const { code, details } = error instanceof RepriseError ? error : { code: null, details: undefined }
        if (details?.notOffered === true) break
        if (code !== 'download-failed' && code !== 'hash-mismatch') throw error
        await rm(into, { recursive: true, force: true })
      }
    }
  }
  throw last
}

/** The requirements of an extra in a wheel's METADATA, such as `nvidia-cudnn-cu12<10.0,>=9.3.0.75`. */
export function extraRequirements(metadata: string, extra: string): string[] {
  return [...metadata.matchAll(/^Requires-Dist: ([^;\n]+?)\s*;\s*extra == ["']([^"']+)["']\s*$/gm)]
    .filter((match) => match[2] === extra)
    .map((match) => (match[1] ?? '').replaceAll(' ', ''))
}

/** Fetches the wheels of a release and unpacks their libraries and licences into `work.folder`. */
export async function unpackWheels(release: WheelRelease, work: Installing): Promise<[UnpackedFile[], Origin]> {
  const { folder, signal, report } = work
  const main = await downloadWheel(release, work)
  const wheels = [main]
  if (release.extra !== null) {
    const metadata = (await readZipEntry(main.path, '.dist-info/METADATA')) ?? ''
    const mainBytes = (await stat(main.path)).size
    const more = await work.pip({
      requirements: extraRequirements(metadata, release.extra),
      python: release.wheels[0]?.python ?? '3.12',
      platformTags: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64'],
      into: await mkdtemp(join(work.downloads, 'cuda-')),
      onBytes: (bytes) => report('download', mainBytes + bytes),
      signal,
    })
    // Their versions are the newest that TensorFlow accepts; pip checks them against the index's own hashes.
    for (const path of more) wheels.push({ path, sha256: await sha256OfFile(path, signal) })
  }
  let done = 0
  const count = (bytes: number) => {
    done += bytes
    report('unpack', done)
  }
  const files: UnpackedFile[] = []
  for (const { path } of wheels) {
    const target = (entry: string): string | null => {
      const name = basename(entry)
      if (release.libraries.includes(name) && dirname(entry) === 'tensorflow') return name
      if (dependencyFile.test(entry)) return entry
      return licence.test(entry) ? licenceName(entry) : null
    }
    files.push(...(await unzip(path, folder, target, count, signal)))
    await rm(path)
  }
  return [files, wheels.map(({ path, sha256 }) => ({ name: basename(path), sha256 }))]
}

/** The same for TensorFlow's own archive. */
export async function unpackArchive(release: ArchiveRelease, work: Installing): Promise<[UnpackedFile[], Origin]> {
  const { folder, signal, report } = work
  const name = basename(release.url)
  // Kept outside the temporary folder, so that the next start goes on where this one stopped.
  const path = join(dirname(folder), name)
  await work.archive({
    url: release.url,
    path,
    onBytes: (bytes) => report('download', bytes),
    signal,
  })
  const sha256 = await sha256OfFile(path, signal)
  const unpacked = join(work.downloads, 'archive')
  const everything = (entry: string) => entry
  if (name.endsWith('.zip')) await unzip(path, unpacked, everything, () => {}, signal)
  else await untar(path, unpacked, signal)
  await mkdir(join(folder, 'licences'), { recursive: true })
  const files: UnpackedFile[] = []
  // copyFile follows the links by which the archive gives a library several names.
  const keep = async (from: string, to: string) => {
    await copyFile(join(unpacked, from), join(folder, to))
    const { size } = await stat(join(folder, to))
    files.push({ name: to, size, sha256: await sha256OfFile(join(folder, to), signal) })
    report('unpack', size)
  }
  for (const library of release.libraries) await keep(join(release.libraryFolder, library), library)
  for (const entry of await readdir(unpacked)) if (licence.test(entry)) await keep(entry, licenceName(entry))
  await rm(path)
  return [files, [{ name, sha256 }]]
}
