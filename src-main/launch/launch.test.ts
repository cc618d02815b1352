import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RepriseError } from '../shared/errors.ts'
import { cacheFolder, dataFolder } from './data-folder.ts'
import { hostUrl, readHostAddress, removeHostAddress, writeHostAddress } from './host-address.ts'
import { appFolder, appVersion, nodeExecutable } from './resources.ts'
import { spawnHost } from './spawn-host.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-launch-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('folders are those of the platform unless the environment names others', () => {
  expect(dataFolder({ REPRISE_HOME: '/somewhere/data' }, 'linux')).toBe('/somewhere/data')
  expect(dataFolder({ XDG_DATA_HOME: '/xdg' }, 'linux')).toBe('/xdg/reprise')
  expect(dataFolder({}, 'darwin')).toMatch(/Library\/Application Support\/Reprise$/)
  expect(cacheFolder({ REPRISE_CACHE: '/somewhere/cache' }, 'linux')).toBe('/somewhere/cache')
  expect(cacheFolder({}, 'linux')).toMatch(/\.cache\/reprise$/)
})

test('an address is kept for its user alone and read while its process lives', () => {
  const folder = temporaryFolder()
  const address = { pid: process.pid, port: 7410, token: 't', startedAt: 1 }
  expect(readHostAddress(folder)).toBeNull()
  writeHostAddress(folder, address)
  expect(readHostAddress(folder)).toEqual(address)
  if (process.platform !== 'win32') expect(statSync(join(folder, 'host.json')).mode & 0o777).toBe(0o600)
  removeHostAddress(folder, process.pid + 1)
  expect(readHostAddress(folder)).toEqual(address)
  removeHostAddress(folder, process.pid)
  expect(readHostAddress(folder)).toBeNull()
  expect(hostUrl(address)).toBe('http://127.0.0.1:7410/#t')
})

test('an address of a process that is gone, or that cannot be read, is none', () => {
  const folder = temporaryFolder()
  writeHostAddress(folder, { pid: 2 ** 22 + 1, port: 7410, token: 't', startedAt: 1 })
  expect(readHostAddress(folder)).toBeNull()
  writeFileSync(join(folder, 'host.json'), '{"pid":')
  expect(readHostAddress(folder)).toBeNull()
})

test('the app finds itself, its version and a Node to run on', () => {
  expect(appFolder()).toBe(join(import.meta.dirname, '..', '..'))
  expect(appVersion()).toMatch(/^\d+\.\d+\.\d+$/)
  expect(nodeExecutable()).toBe(process.execPath)
})

test('a host that dies while it starts is told with its last line', async () => {
  const entry = join(temporaryFolder(), 'dying.mjs')
  writeFileSync(entry, "console.error('a library is missing'); process.exit(3)")
  const error = await spawnHost({ entry }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RepriseError)
  expect(error).toMatchObject({ code: 'host-unreachable', found: 'a library is missing' })
})
