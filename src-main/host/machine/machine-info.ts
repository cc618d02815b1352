// What this machine is and what it has free.
import { arch, availableParallelism, cpus, freemem, hostname, platform, release, totalmem } from 'node:os'
import { cacheFolder } from '../../launch/data-folder.ts'
import { appVersion } from '../../launch/resources.ts'
import type { MachineInfo } from '../../shared/api.ts'
import type { HostContext } from '../host-context.ts'
import { findGpu } from './gpu.ts'
import type { TensorflowLibrary } from './tensorflow-library.ts'

export function cpuName(): string {
  return cpus()[0]?.model.trim() || `${arch()} processor`
}

/** Free for new processes, under the limit of a container where there is one. */
export function freeMemoryBytes(): number {
  return process.availableMemory?.() ?? freemem()
}

/** Memory of the machine, or of the container that limits this process. */
export function memoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

export function createMachineInfo(
  context: HostContext,
  library: TensorflowLibrary,
): () => Promise<Omit<MachineInfo, 'openTo'>> {
  let gpu: Promise<string | null> | null = null
  return async () => {
    gpu ??= findGpu()
    const [diskFree, gpuName, setup] = await Promise.all([
      context.freeBytes(context.folders.data),
      gpu,
      library.refresh(),
    ])
    return {
      name: hostname(),
      cpu: cpuName(),
      cores: availableParallelism(),
      memoryBytes: memoryBytes(),
      memoryFreeBytes: freeMemoryBytes(),
      diskFreeBytes: diskFree,
      gpu: gpuName,
      platform: `${platform()} ${release()} ${arch()}`,
      dataFolder: context.folders.data,
      cacheFolder: cacheFolder(context.env),
      versions: { reprise: appVersion(), node: process.versions.node, tensorflow: setup.version },
      setup,
      networkRequests: context.network.list(),
    }
  }
}
