// Runs on different devices train side by side; those of one device, one after the other.
import type { LibrarySource } from '../machine/tensorflow-library.ts'

export interface DeviceLanes {
  /** The device that a run on `device` (`auto`, `cpu`, `gpu:N`) will use. */
  of(device: string): string
  /** Looks again what `auto` means. */
  refresh(): Promise<void>
}

/**
 * `auto` is the first GPU where there is one and the installed library can use it, else the CPU; as worker/device.ts chooses.
 */
export function createDeviceLanes(parts: { library: LibrarySource; findGpu(): Promise<string | null> }): DeviceLanes {
  let auto = 'cpu'
  return {
    of: (device) => (device === 'auto' ? auto : device),
    refresh: async () => {
      const library = await parts.library.find().catch(() => null)
      const usesGpus = library !== null && (library.variant === 'cuda' || library.cudaFolders.length > 0)
      auto = usesGpus && (await parts.findGpu()) !== null ? 'gpu:0' : 'cpu'
    },
  }
}
