import { expect, it } from 'vitest'
import type { Libtensorflow } from './find-libtensorflow.ts'
import { allocatorEnvironment, findJemalloc, workerEnvironment } from './worker-environment.ts'

const library: Libtensorflow = {
  folder: '/tf',
  libraries: ['/tf/libtensorflow_cc.so.2'],
  cudaFolders: ['/tf/nvidia/cublas/lib', '/tf/nvidia/cudnn/lib'],
  version: '2.21.0',
  variant: 'cuda',
  source: 'install',
}

it('names the CUDA folders before those the user already has', () => {
  const env = workerEnvironment(library, { LD_LIBRARY_PATH: '/mine', PATH: '/bin' }, {})
  expect(env.LD_LIBRARY_PATH).toBe('/tf/nvidia/cublas/lib:/tf/nvidia/cudnn/lib:/mine')
  expect(env.XLA_FLAGS).toBe('--xla_gpu_cuda_data_dir=/tf/nvidia/cuda_nvcc')
  expect(env.TF_FORCE_GPU_ALLOW_GROWTH).toBe('true')
})

it('leaves what the user has set', () => {
  const env = workerEnvironment({ ...library, cudaFolders: [] }, { TF_CPP_MIN_LOG_LEVEL: '0', OTHER: 'kept' }, {})
  expect(env).toMatchObject({ TF_CPP_MIN_LOG_LEVEL: '0', OTHER: 'kept', REPRISE_LIBTENSORFLOW: '/tf' })
  expect(env.LD_LIBRARY_PATH).toBeUndefined()
})

it('preloads jemalloc where it is installed and tunes glibc elsewhere', () => {
  const jemalloc = findJemalloc((path) => path === '/usr/lib64/libjemalloc.so.2')
  expect(allocatorEnvironment('linux', jemalloc)).toMatchObject({ LD_PRELOAD: '/usr/lib64/libjemalloc.so.2' })
  expect(allocatorEnvironment('linux', null).GLIBC_TUNABLES).toContain('glibc.malloc.arena_max=1')
  expect(allocatorEnvironment('darwin', jemalloc)).toEqual({})
})

it('keeps a library that is preloaded already', () => {
  const env = workerEnvironment(library, { LD_PRELOAD: '/x.so' }, { LD_PRELOAD: '/jemalloc.so' })
  expect(env.LD_PRELOAD).toBe('/jemalloc.so:/x.so')
})
