// Which device a run uses, and whether it can compute in the precision asked for.

import type { DeviceInfo } from '../engine/tensorflow/runtime.ts'
import { RepriseError } from '../shared/errors.ts'
import type { RunConfig } from '../shared/run-config.ts'

/** Shows TensorFlow only the chosen device; must run before the library is loaded, which reads the variable once. */
export function chooseDevice(device: string): void {
  if (device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1'
  const gpu = /^gpu:(\d+)$/.exec(device)?.[1]
  if (gpu !== undefined) process.env.CUDA_VISIBLE_DEVICES = gpu
}

/** The device that will be used. Throws `device-missing` when it is not there or cannot do the precision. */
export function requirePrecision(devices: readonly DeviceInfo[], compute: RunConfig['compute']): DeviceInfo {
  const gpu = devices.find(({ type }) => type === 'GPU')
  if (compute.device.startsWith('gpu:') && !gpu) {
    throw missing(
      `TensorFlow sees no ${compute.device} here.`,
      'a GPU with its driver and CUDA libraries',
      'Choose cpu or auto, or run "reprise doctor".',
    )
  }
  if (compute.precision === 'fp16' && !gpu) {
    throw missing(
      'fp16 needs a GPU; on this CPU it would be slower and less exact than bf16.',
      'a GPU',
      'Set compute.precision to bf16 or fp32.',
    )
  }
  if (compute.precision === 'bf16' && gpu) {
    throw missing(
      'bf16 is for CPUs; GPUs train in fp16 with loss scaling.',
      'compute.device cpu',
      'Set compute.precision to fp16 or fp32.',
    )
  }
  return gpu ?? devices[0] ?? { name: 'CPU', type: 'CPU', memoryBytes: 0 }
}

function missing(message: string, expected: string, fix: string): RepriseError {
  return new RepriseError({ code: 'device-missing', message, expected, found: 'none', fix })
}
