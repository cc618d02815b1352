import { expect, test } from 'vitest'
import { installedLibrary } from '../test-host/installed-library.ts'
import { createDeviceLanes } from './device-lanes.ts'

const lanes = async (variant: 'cpu' | 'cuda' | null, gpu: string | null, cudaFolders: string[] = []) => {
  const found = { ...(await installedLibrary.find()), variant, cudaFolders }
  const made = createDeviceLanes({
    library: { ...installedLibrary, find: async () => found },
    findGpu: async () => gpu,
  })
  await made.refresh()
  return made
}

test('"auto" shares a lane with the CPU, unless a GPU is what it means', async () => {
  expect((await lanes('cpu', 'NVIDIA T4, 16 GB')).of('auto')).toBe('cpu')
  expect((await lanes('cuda', null)).of('auto')).toBe('cpu')
  const gpu = await lanes('cuda', 'NVIDIA T4, 16 GB')
  expect(['auto', 'cpu', 'gpu:0', 'gpu:1'].map(gpu.of)).toEqual(['gpu:0', 'cpu', 'gpu:0', 'gpu:1'])
  expect((await lanes(null, 'NVIDIA T4, 16 GB', ['/cuda'])).of('auto')).toBe('gpu:0')
})

test('without a library it is the CPU', async () => {
  const library = { ...installedLibrary, find: () => Promise.reject(new Error('none')) }
  const made = createDeviceLanes({ library, findGpu: async () => 'NVIDIA T4, 16 GB' })
  await made.refresh()
  expect(made.of('auto')).toBe('cpu')
})
