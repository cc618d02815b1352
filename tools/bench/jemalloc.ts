// jemalloc for PyTorch's side: the system's, else the distribution's package unpacked into the cache folder.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findJemalloc } from '../../src-main/engine/tensorflow/library/worker-environment.ts'

const run = promisify(execFile)

/** Path of libjemalloc.so.2, or null where it is neither installed nor to be had from apt. */
export async function jemallocForTorch(cache: string, say: (words: string) => void): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const installed = findJemalloc()
  if (installed !== null) return installed
  const folder = join(cache, 'bench-jemalloc')
  const library = join(folder, 'libjemalloc.so.2')
  if (existsSync(library)) return library
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'jemalloc-'))
  try {
    say('Fetching jemalloc (libjemalloc2)')
    await run('apt-get', ['download', 'libjemalloc2'], { cwd: work })
    const packed = (await readdir(work)).find((name) => name.endsWith('.deb'))
    if (packed === undefined) return null
    await run('dpkg-deb', ['-x', packed, 'unpacked'], { cwd: work })
    const files = await readdir(join(work, 'unpacked'), { recursive: true })
    const found = files.find((name) => name.endsWith('libjemalloc.so.2'))
    if (found === undefined) return null
    await mkdir(folder, { recursive: true })
    await rename(join(work, 'unpacked', found), library)
    return library
  } catch {
    return null
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Settings under which jemalloc is at its best for training steps; the product uses the same for itself. */
export const jemallocSettings = 'thp:always,dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0,metadata_thp:auto'
