import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { extraRequirements } from './fetch-release.ts'
import { findLibtensorflow } from './find-libtensorflow.ts'
import { type InstallOptions, type InstallProgress, installLibtensorflow } from './install-libtensorflow.ts'
import { type PipDownload, pipError } from './pip-download.ts'
import { releaseFor, type WheelRelease } from './releases.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytes = (text: string) => new TextEncoder().encode(text)

const metadata = [
  'Metadata-Version: 2.4',
  'Requires-Dist: numpy>=1.26',
  'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
  'Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32") and extra == "gcs-filesystem"',
].join('\n')

const wheel = zipSync({
  'tensorflow/libtensorflow_cc.so.2': bytes('the C API'.repeat(5000)),
  'tensorflow/libtensorflow_framework.so.2': bytes('the framework'.repeat(500)),
  'tensorflow/include/external/png/LICENSE': bytes('png licence'),
  'tensorflow/python/big.so': bytes('not needed'),
  'tensorflow-2.21.0.dist-info/METADATA': bytes(metadata),
})
const cudnn = zipSync({
  'nvidia/cudnn/lib/libcudnn.so.9': bytes('cudnn'),
  'nvidia/cudnn/include/cudnn.h': bytes('header'),
  'nvidia/cuda_nvcc/bin/ptxas': bytes('ptxas'),
})

const cpu: WheelRelease = {
  ...(releaseFor('linux', 'x64', false) as WheelRelease),
  wheels: [{ python: '3.12', sha256: sha256(wheel) }],
  sha256: {},
  downloadBytes: wheel.length,
  installedBytes: 60_000,
}

let cache = ''
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'reprise-library-'))
})
afterEach(() => rm(cache, { recursive: true, force: true }))

/** Serves the fake wheels in place of pip, counting calls. */
function fakePip(content: Uint8Array = wheel) {
  const calls: string[][] = []
  const pip: PipDownload = async ({ requirements, into, onBytes }) => {
    calls.push(requirements)
    const isMain = requirements[0]?.startsWith('tensorflow') === true
    const path = join(into, isMain ? 'tensorflow.whl' : 'cudnn.whl')
    await writeFile(path, isMain ? content : cudnn)
    onBytes(isMain ? content.length : cudnn.length)
    return [path]
  }
  return { pip, calls }
}

function options(more: Partial<InstallOptions> = {}): InstallOptions {
  return {
    cache,
    env: {},
    platform: 'linux',
    arch: 'x64',
    nvidiaGpu: async () => false,
    release: cpu,
    pip: fakePip().pip,
    ...more,
  }
}

describe('installLibtensorflow', () => {
  it('keeps the libraries and licences of the wheel and is found afterwards', async () => {
    const progress: InstallProgress[] = []
    const installed = await installLibtensorflow(options({ onProgress: (event) => progress.push(event) }))
    expect(installed).toMatchObject({ version: '2.21.0', variant: 'cpu', source: 'install' })
    expect((await readdir(installed.folder)).sort()).toEqual([
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
      'licences',
      'manifest.json',
    ])
    expect(installed.libraries[0]).toMatch(/framework/)
    expect(await readdir(join(installed.folder, 'licences'))).toEqual(['tensorflow-include-external-png-LICENSE'])
    expect(progress.filter(({ phase }) => phase === 'download').at(-1)?.doneBytes).toBe(wheel.length)
    expect(progress.filter(({ phase }) => phase === 'unpack').at(-1)?.doneBytes).toBeGreaterThan(50_000)
    expect(await findLibtensorflow({ ...options(), hashes: true })).toEqual(installed)
  })

  it('fetches nothing when an install is there', async () => {
    const { pip, calls } = fakePip()
    await installLibtensorflow(options({ pip }))
    await installLibtensorflow(options({ pip }))
    expect(calls).toHaveLength(1)
  })

  it('brings the CUDA libraries that the wheel asks for where there is an NVIDIA GPU', async () => {
    const { pip, calls } = fakePip()
    const release: WheelRelease = { ...cpu, variant: 'cuda', distribution: 'tensorflow', extra: 'and-cuda' }
    const installed = await installLibtensorflow(options({ pip, release, nvidiaGpu: async () => true }))
    expect(calls).toEqual([['tensorflow==2.21.0'], ['nvidia-cudnn-cu12<10.0,>=9.3.0.75']])
    expect(installed.variant).toBe('cuda')
    expect(installed.cudaFolders).toEqual([join(installed.folder, 'nvidia', 'cudnn', 'lib')])
    expect(existsSync(join(installed.folder, 'nvidia/cuda_nvcc/bin/ptxas'))).toBe(true)
    expect(existsSync(join(installed.folder, 'nvidia/cudnn/include'))).toBe(false)
  })

  it('serves on with the build for the CPU when a GPU has come and its libraries cannot be had', async () => {
    const installed = await installLibtensorflow(options())
    const offline: PipDownload = async ({ requirements }) => {
      throw pipError('Network is unreachable', requirements)
    }
    const release: WheelRelease = { ...cpu, variant: 'cuda', distribution: 'tensorflow', extra: 'and-cuda' }
    const withGpu = options({ nvidiaGpu: async () => true, release, pip: offline })
    expect(await findLibtensorflow(withGpu)).toEqual(installed)
    expect(await installLibtensorflow(withGpu)).toEqual(installed)
    expect(await installLibtensorflow({ ...withGpu, pip: fakePip().pip })).toMatchObject({ variant: 'cuda' })
  })

  it('fetches a wheel again that arrived changed, and installs nothing when it stays so', async () => {
    const { pip, calls } = fakePip(wheel.slice(0, -10))
    await expect(installLibtensorflow(options({ pip }))).rejects.toMatchObject({ code: 'hash-mismatch' })
    expect(calls).toHaveLength(3)
    expect(await readdir(join(cache, 'libtensorflow'))).toEqual([])
  })

  it('goes on after a broken connection', async () => {
    const { pip } = fakePip()
    let calls = 0
    const flaky: PipDownload = async (request) => {
      calls += 1
      if (calls === 1) throw pipError('ReadTimeoutError: Read timed out.', request.requirements)
      return pip(request)
    }
    expect((await installLibtensorflow(options({ pip: flaky }))).source).toBe('install')
  })

  it('tries the wheel of another Python version when the index lacks the first', async () => {
    const { pip } = fakePip()
    const picky: PipDownload = async (request) => {
      if (request.python !== '3.11') throw pipError('ERROR: No matching distribution found', request.requirements)
      return pip(request)
    }
    const wheels = ['3.12', '3.11'].map((python) => ({ python, sha256: sha256(wheel) }))
    expect((await installLibtensorflow(options({ pip: picky, release: { ...cpu, wheels } }))).version).toBe('2.21.0')
  })

  it('installs again over a damaged install', async () => {
    const { folder } = await installLibtensorflow(options())
    await truncate(join(folder, 'libtensorflow_cc.so.2'), 100)
    await expect(findLibtensorflow(options())).rejects.toMatchObject({ code: 'libtensorflow-damaged' })
    const again = await installLibtensorflow(options())
    expect(again.folder).toBe(folder)
    expect(await readFile(join(folder, 'libtensorflow_cc.so.2'), 'utf8')).toMatch(/^the C API/)
  })

  it('takes nothing for whole that was interrupted', async () => {
    const stopped = new AbortController()
    const interrupted: PipDownload = async (request) => {
      await writeFile(join(request.into, 'half.whl'), 'half')
      stopped.abort()
      throw request.signal?.reason
    }
    const run = installLibtensorflow(options({ pip: interrupted, signal: stopped.signal }))
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(join(cache, 'libtensorflow'))).toEqual([])
    await expect(findLibtensorflow(options())).rejects.toMatchObject({ code: 'libtensorflow-missing' })
  })

  it('removes what a killed install has left', async () => {
    const left = join(cache, 'libtensorflow', 'partial-999999999-abc')
    await mkdir(left, { recursive: true })
    await installLibtensorflow(options())
    expect(existsSync(left)).toBe(false)
  })

  it('refuses a disk that is too small before it fetches anything', async () => {
    const { pip, calls } = fakePip()
    const run = installLibtensorflow(options({ pip, free: async () => 1000 }))
    await expect(run).rejects.toMatchObject({ code: 'disk-too-small', fix: expect.stringContaining('REPRISE_CACHE') })
    expect(calls).toEqual([])
  })

  it('says that there is no network and how to go on without one', async () => {
    const offline: PipDownload = async ({ requirements }) => {
      throw pipError('NewConnectionError: [Errno -3] Temporary failure in name resolution', requirements)
    }
    const run = installLibtensorflow(options({ pip: offline }))
    await expect(run).rejects.toMatchObject({
      code: 'no-network',
      found: 'Temporary failure in name resolution',
      fix: expect.stringContaining('REPRISE_LIBTENSORFLOW'),
    })
  })
})

describe('findLibtensorflow', () => {
  it('prefers the folder that the user names', async () => {
    await writeFile(join(cache, 'libtensorflow_framework.so.2'), 'x')
    await writeFile(join(cache, 'libtensorflow_cc.so.2'), 'x')
    const found = await findLibtensorflow(options({ env: { REPRISE_LIBTENSORFLOW: cache } }))
    expect(found).toMatchObject({ folder: cache, source: 'environment', version: null })
  })

  it('names the missing file of the folder that the user names, and does not install over it', async () => {
    await writeFile(join(cache, 'libtensorflow_framework.so.2'), 'x')
    const run = installLibtensorflow(options({ env: { REPRISE_LIBTENSORFLOW: cache } }))
    await expect(run).rejects.toMatchObject({ code: 'libtensorflow-missing', found: 'no libtensorflow_cc.so.2' })
  })

  it('finds changed bytes of the same size only when asked to hash', async () => {
    const { folder } = await installLibtensorflow(options())
    const path = join(folder, 'libtensorflow_framework.so.2')
    const content = await readFile(path)
    content[3] = 0
    await writeFile(path, content)
    expect((await findLibtensorflow(options())).folder).toBe(folder)
    await expect(findLibtensorflow({ ...options(), hashes: true })).rejects.toMatchObject({
      code: 'libtensorflow-damaged',
      expected: expect.stringContaining('libtensorflow_framework.so.2'),
    })
  })

  it('takes a folder without a readable manifest for damaged', async () => {
    const { folder } = await installLibtensorflow(options())
    await writeFile(join(folder, 'manifest.json'), '{"format":')
    await expect(findLibtensorflow(options())).rejects.toMatchObject({ code: 'libtensorflow-damaged' })
    await rm(join(folder, 'manifest.json'))
    await expect(findLibtensorflow(options())).rejects.toMatchObject({ code: 'libtensorflow-damaged' })
  })

  it('tells a platform without libtensorflow what to do', async () => {
    const run = findLibtensorflow(options({ platform: 'freebsd' }))
    await expect(run).rejects.toMatchObject({ code: 'libtensorflow-missing', found: 'freebsd-x64' })
  })
})

it('reads the requirements of one extra only', () => {
  expect(extraRequirements(metadata, 'and-cuda')).toEqual(['nvidia-cudnn-cu12<10.0,>=9.3.0.75'])
})

it('tells the ways in which pip fails apart', () => {
  expect(pipError('/usr/bin/python3: No module named pip', ['x']).fix).toMatch(/python3-pip/)
  expect(pipError('OSError: [Errno 28] No space left on device', ['x']).code).toBe('disk-full')
  expect(pipError('ERROR: No matching distribution found for x', ['x']).code).toBe('download-failed')
})
