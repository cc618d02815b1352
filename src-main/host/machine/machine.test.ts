import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestHost, temporaryFolder } from '../test-host/start-test-host.ts'
import { listFolder, mountedDisks } from './folders.ts'
import { describeGpus } from './gpu.ts'

test('the machine is described, with nothing sent over the network', async () => {
  const host = await startTestHost()
  const info = await host.client.machine.info.query()
  expect(info.cores).toBeGreaterThan(0)
  expect(info.cpu).not.toBe('')
  expect(info.memoryBytes).toBeGreaterThan(info.memoryFreeBytes)
  expect(info.diskFreeBytes).toBeGreaterThan(0)
  expect(info.dataFolder).toBe(host.dataDir)
  expect(info.setup).toMatchObject({ tensorflow: 'ready', version: '2.21.0' })
  expect(info.networkRequests).toEqual([])
})

test('GPUs are named with their memory', () => {
  expect(describeGpus('NVIDIA H100 80GB HBM3, 81559\n')).toBe('NVIDIA H100 80GB HBM3, 80 GB')
  expect(describeGpus('A, 16384\nA, 16384\n')).toBe('2 x A, 16 GB')
  expect(describeGpus('')).toBeNull()
})

test('browsing lists folders before files and leaves hidden ones out', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'pictures', 'cat'), { recursive: true })
  writeFileSync(join(root, 'archive.tar'), '')
  writeFileSync(join(root, '.hidden'), '')
  const listing = await listFolder(undefined, [root])
  expect(listing.parent).toBeNull()
  expect(listing.entries.map((entry) => [entry.name, entry.kind])).toEqual([
    ['pictures', 'folder'],
    ['archive.tar', 'file'],
  ])
  expect((await listFolder(join(root, 'pictures'), [root])).parent).toBe(root)
})

test('browsing never leaves its roots, by dots or by links', async () => {
  const root = temporaryFolder()
  const outside = temporaryFolder()
  symlinkSync(outside, join(root, 'link'))
  await expect(listFolder(join(root, '..'), [root])).rejects.toMatchObject({ code: 'not-allowed' })
  await expect(listFolder(join(root, 'link'), [root])).rejects.toMatchObject({ code: 'not-allowed' })
  await expect(listFolder(join(root, 'nothing'), [root])).rejects.toMatchObject({ code: 'data-missing' })
  // Whether something is there is not told outside the roots.
  await expect(listFolder(`${root}-other`, [root])).rejects.toMatchObject({ code: 'not-allowed' })
})

test('mounted disks are offered, those of the system are not', () => {
  const mounts = [
    '/dev/sda1 / ext4 rw 0 0',
    'proc /proc proc rw 0 0',
    '/dev/sdb1 /mnt/data ext4 rw 0 0',
    '/dev/sdc1 /run/media/me/My\\040Disk exfat rw 0 0',
    '/dev/sda2 /boot/efi vfat rw 0 0',
    'server:/share /data nfs4 rw 0 0',
  ].join('\n')
  expect(mountedDisks(mounts)).toEqual(['/mnt/data', '/run/media/me/My Disk', '/data'])
})
