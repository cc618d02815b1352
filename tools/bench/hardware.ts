// The machine that a record was made on.
import { arch, cpus, platform, release, totalmem } from 'node:os'

export interface Hardware {
  cpu: string
  cores: number
  memoryBytes: number
  system: string
}

export function thisHardware(): Hardware {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
  }
}
