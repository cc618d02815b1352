import { expect, test } from 'vitest'
import { hostEnvironment } from './host-environment.ts'

test('the host sees the paths, locale, proxies and settings it needs', () => {
  const env = { PATH: '/bin', LC_ALL: 'C.UTF-8', https_proxy: 'http://proxy:3128', REPRISE_HOME: '/data', Path: 'C:\\' }
  expect(hostEnvironment(env)).toEqual(env)
})

test('what Electron, a package launcher or a shell set for themselves does not reach the host', () => {
  const env = {
    LD_LIBRARY_PATH: '/opt/app/lib',
    NODE_OPTIONS: '-r x',
    ELECTRON_RUN_AS_NODE: '1',
    AWS_SECRET_ACCESS_KEY: 'x',
  }
  expect(hostEnvironment(env)).toEqual({})
})
