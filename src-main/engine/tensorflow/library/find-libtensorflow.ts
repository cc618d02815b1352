// Finds libtensorflow on this machine: the user's own folder first, then an earlier install in the cache folder.
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { cacheFolder } from '../../../launch/data-folder.ts'
import { RepriseError } from '../../../shared/errors.ts'
import { checkInstall, damaged, readManifest } from './install-manifest.ts'
import { hasNvidiaGpu } from './nvidia-gpu.ts'
import { type LibraryRelease, libraryNames, releaseFor } from './releases.ts'

/** A libtensorflow that is ready to be loaded. */
export interface Libtensorflow {
  folder: string
  /** Full paths in the order of loading. */
  libraries: string[]
  /** Folders of CUDA libraries that the dynamic linker must know before the process starts. */
  cudaFolders: string[]
  /** TensorFlow's version; null for a folder of the user's, whose version only the library itself knows. */
  version: string | null
  variant: 'cpu' | 'cuda' | null
  source: 'environment' | 'install'
}

export interface FindOptions {
  /** Reads every byte and compares hashes, where a manifest has them. */
  hashes?: boolean
  cache?: string
  env?: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
  arch?: string
  nvidiaGpu?: () => Promise<boolean>
  signal?: AbortSignal
}

/** The folder in which a release is installed. */
export function installFolder(cache: string, release: LibraryRelease, platform: NodeJS.Platform, arch: string): string {
  return join(cache, 'libtensorflow', `${release.version}-${release.variant}-${platform}-${arch}`)
}

/** The folders below `<folder>/nvidia` that hold CUDA libraries. */
async function cudaFoldersOf(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'nvidia')).catch(() => [])
  const candidates = names.sort().map((name) => join(folder, 'nvidia', name, 'lib'))
  const present = await Promise.all(candidates.map((path) => stat(path).catch(() => null)))
  return candidates.filter((_, index) => present[index]?.isDirectory())
}

async function fromEnvironment(folder: string, platform: NodeJS.Platform): Promise<Libtensorflow> {
  const names = libraryNames(platform)
  const libraries = names.map((name) => join(folder, name))
  for (const [index, path] of libraries.entries()) {
    const found = await stat(path).catch(() => null)
    if (found?.isFile() && found.size > 0) continue
    throw new RepriseError({
      code: 'libtensorflow-missing',
      message: `REPRISE_LIBTENSORFLOW names a folder without libtensorflow: ${folder}`,
      expected: names.join(' and '),
      found: found === null ? `no ${names[index]}` : `an unusable ${names[index]}`,
      fix: 'Correct REPRISE_LIBTENSORFLOW, or unset it so that Reprise uses its own install.',
    })
  }
  const cudaFolders = await cudaFoldersOf(folder)
  return { folder, libraries, cudaFolders, version: null, variant: null, source: 'environment' }
}

async function fromInstall(folder: string, options: FindOptions): Promise<Libtensorflow | null> {
  const present = await stat(folder).catch(() => null)
  if (present === null) return null
  const manifest = await readManifest(folder)
  if (manifest === null) throw damaged(folder, 'its manifest', 'none')
  const { hashes = false, signal } = options
  await checkInstall(folder, manifest, { hashes, ...(signal === undefined ? {} : { signal }) })
  return {
    folder,
    libraries: manifest.libraries.map((name) => join(folder, name)),
    cudaFolders: await cudaFoldersOf(folder),
    version: manifest.version,
    variant: manifest.variant,
    source: 'install',
  }
}

/**
 * Finds libtensorflow: the folder in REPRISE_LIBTENSORFLOW, else an earlier install under the cache folder. Sizes are
 * always checked. On a machine with an NVIDIA GPU an install with CUDA is preferred; one without serves until then.
 * @throws RepriseError `libtensorflow-missing` or `libtensorflow-damaged`
 */
export async function findLibtensorflow(options: FindOptions = {}): Promise<Libtensorflow> {
  const { env = process.env, platform = process.platform, arch = process.arch } = options
  const named = env.REPRISE_LIBTENSORFLOW
  if (named) return fromEnvironment(resolve(named), platform)
  const cache = options.cache ?? cacheFolder()
  const release = releaseFor(platform, arch, await (options.nvidiaGpu ?? hasNvidiaGpu)())
  const releases = release.variant === 'cuda' ? [release, releaseFor(platform, arch, false)] : [release]
  for (const each of releases) {
    const found = await fromInstall(installFolder(cache, each, platform, arch), options)
    if (found !== null) return found
  }
  throw new RepriseError({
    code: 'libtensorflow-missing',
    message: 'libtensorflow is not installed yet.',
    expected: `an install in ${installFolder(cache, release, platform, arch)}, or a folder in REPRISE_LIBTENSORFLOW`,
    found: 'neither',
    fix: `Run npm start: it fetches libtensorflow ${release.version} (${Math.round(release.downloadBytes / 1e6)} MB).`,
  })
}
