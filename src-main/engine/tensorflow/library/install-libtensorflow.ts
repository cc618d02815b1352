// Installs libtensorflow into the cache folder. Everything is made in a folder beside the final one, which is renamed
// when it is whole: an interrupted install leaves nothing that looks like one.
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../../../launch/data-folder.ts'
import { RepriseError } from '../../../shared/errors.ts'
import { archiveDownload } from './archive-download.ts'
import { freeBytes, needDisk } from './disk-space.ts'
import { type Installing, mismatch, unpackArchive, unpackWheels } from './fetch-release.ts'
import { type FindOptions, findLibtensorflow, installFolder, type Libtensorflow } from './find-libtensorflow.ts'
import { checkInstall, readManifest, writeManifest } from './install-manifest.ts'
import { hasNvidiaGpu } from './nvidia-gpu.ts'
import { pipDownload } from './pip-download.ts'
import { type LibraryRelease, releaseFor } from './releases.ts'
import type { UnpackedFile } from './unpack.ts'

export type InstallPhase = 'download' | 'unpack'

export interface InstallProgress {
  phase: InstallPhase
  doneBytes: number
  totalBytes: number
}

export interface InstallOptions extends Omit<FindOptions, 'hashes'> {
  onProgress?: (progress: InstallProgress) => void
  /** What touches the world outside the cache folder. */
  pip?: typeof pipDownload
  archive?: typeof archiveDownload
  free?: typeof freeBytes
  /** The release to install; by default the one for this machine. */
  release?: LibraryRelease
}

/** Checks that every library came, with the pinned content where one is pinned. */
function checkLibraries(release: LibraryRelease, files: UnpackedFile[]): void {
  for (const library of release.libraries) {
    const file = files.find(({ name }) => name === library)
    const pinned = release.sha256[library]
    if (file === undefined)
      throw mismatch(library, pinned ?? 'of any value', 'nothing: the download holds no such file')
    if (pinned !== undefined && pinned !== file.sha256) throw mismatch(library, pinned, file.sha256)
  }
}

/** Removes what interrupted installs have left; a process that still runs keeps its folder. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = Number(/^partial-(\d+)-/.exec(name)?.[1] ?? 0)
    if (pid === 0 || pid === process.pid) continue
    try {
      process.kill(pid, 0)
    } catch {
      await rm(join(parent, name), { recursive: true, force: true })
    }
  }
}

/** Puts the finished folder in its place; a damaged or older one there makes way. */
async function moveIntoPlace(from: string, to: string): Promise<void> {
  const present = await readManifest(to).catch(() => null)
  if (
    present !== null &&
    (await checkInstall(to, present).then(
      () => true,
      () => false,
    ))
  )
    return
  const old = `${from}-replaced`
  await rename(to, old).catch(() => undefined)
  await rename(from, to)
  await rm(old, { recursive: true, force: true })
}

async function install(release: LibraryRelease, target: string, options: InstallOptions): Promise<void> {
  const parent = dirname(target)
  await needDisk(parent, release.downloadBytes + release.installedBytes, options.free ?? freeBytes)
  await removeLeftovers(parent)
  const folder = await mkdtemp(join(parent, `partial-${process.pid}-`))
  const report = (phase: InstallPhase, doneBytes: number) => {
    const totalBytes = phase === 'download' ? release.downloadBytes : release.installedBytes
    options.onProgress?.({ phase, doneBytes: Math.min(doneBytes, totalBytes), totalBytes })
  }
  const downloads = join(folder, 'downloads')
  await mkdir(downloads)
  try {
    const work: Installing = {
      folder,
      downloads,
      report,
      pip: options.pip ?? pipDownload,
      archive: options.archive ?? archiveDownload,
      signal: options.signal,
    }
    const [files, origin] = await (release.kind === 'wheel'
      ? unpackWheels(release, work)
      : unpackArchive(release, work))
    checkLibraries(release, files)
    await rm(downloads, { recursive: true })
    await chmod(folder, 0o755)
    await writeManifest(folder, {
      format: 1,
      version: release.version,
      variant: release.variant,
      origin,
      libraries: release.libraries,
      files: Object.fromEntries(files.map(({ name, size, sha256 }) => [name, { size, sha256 }])),
    })
    options.signal?.throwIfAborted()
    await moveIntoPlace(folder, target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is installed already, or null when that is nothing or is damaged. */
async function findOrNull(options: InstallOptions): Promise<Libtensorflow | null> {
  try {
    return await findLibtensorflow(options)
  } catch (error) {
    const code = error instanceof RepriseError ? error.code : null
    const installable = code === 'libtensorflow-missing' || code === 'libtensorflow-damaged'
    if (installable && !(options.env ?? process.env).REPRISE_LIBTENSORFLOW) return null
    throw error
  }
}

/**
 * Finds libtensorflow, and installs it where it is missing or damaged, or where a GPU has come to a machine that has it
 * for the CPU only; that one then serves on when the other cannot be had. Progress is reported in bytes.
 * @throws RepriseError `no-network`, `download-failed`, `hash-mismatch`, `disk-too-small`, `disk-full`, `cancelled`, or
 * `libtensorflow-missing` when the user's own folder holds none, or Python's pip is not there.
 */
export async function installLibtensorflow(options: InstallOptions = {}): Promise<Libtensorflow> {
  const { platform = process.platform, arch = process.arch, signal } = options
  const found = await findOrNull(options)
  if (found?.source === 'environment') return found
  const release = options.release ?? releaseFor(platform, arch, await (options.nvidiaGpu ?? hasNvidiaGpu)())
  if (found?.variant === release.variant) return found
  try {
    await install(release, installFolder(options.cache ?? cacheFolder(), release, platform, arch), options)
  } catch (error) {
    if (signal?.aborted) {
      throw new RepriseError(
        {
          code: 'cancelled',
          message: 'The install of libtensorflow was stopped.',
          fix: 'Start it again when you like.',
        },
        { cause: error },
      )
    }
    if (found === null) throw error
    return found
  }
  return findLibtensorflow(options)
}
