// Whether the machine has an NVIDIA GPU with its driver, asked of the driver alone: no CUDA library is needed.
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'

/** True when the NVIDIA driver is loaded or `nvidia-smi -L` lists a GPU. */
export async function hasNvidiaGpu(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    await access('/proc/driver/nvidia/version')
    return true
  } catch {
    // In containers the driver's folder may be hidden while nvidia-smi answers.
  }
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['-L'], { timeout: 10_000 })
    return /^GPU \d+:/m.test(stdout)
  } catch {
    return false
  }
}
