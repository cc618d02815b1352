import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestHost, temporaryFolder } from '../test-host/start-test-host.ts'
import { codeOf, pageClient } from './page-client.ts'
import { ask } from './raw-http.ts'

test('the interface is served from its folder alone', async () => {
  const around = temporaryFolder()
  const uiDir = join(around, 'ui')
  mkdirSync(join(uiDir, 'assets'), { recursive: true })
  mkdirSync(join(around, 'secrets'))
  writeFileSync(join(around, 'secret.txt'), 'SECRET')
  writeFileSync(join(around, 'secrets', 'secret.txt'), 'SECRET')
  writeFileSync(join(around, 'ui-other.txt'), 'SECRET')
  writeFileSync(join(uiDir, 'index.html'), '<title>Reprise</title>')
  writeFileSync(join(uiDir, '.env'), 'SECRET')
  writeFileSync(join(uiDir, 'assets', 'app.js'), 'export {}')
  symlinkSync(join(around, 'secret.txt'), join(uiDir, 'assets', 'link.txt'))
  symlinkSync(join(around, 'secrets'), join(uiDir, 'assets', 'linked'))
  symlinkSync('app.js', join(uiDir, 'assets', 'within.js'))
  const { port } = await startTestHost({ uiDir })
  const targets = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/..%c0%afsecret.txt',
    '/.%00./secret.txt',
    '/index.html%00.txt',
    '/assets//../../secret.txt',
    '/./../secret.txt',
    '/../ui-other.txt',
    `/${around}/secret.txt`,
    `//${around}/secret.txt`,
    '/assets/link.txt',
    '/assets/linked/secret.txt',
    '/.env',
    '/%2eenv',
    '/assets/.%2e/.env',
    '/..;/secret.txt',
    '/file:///etc/passwd',
  ]
  for (const target of targets) {
    const { body, status } = await ask(port, { target })
    expect([target, body.includes('SECRET'), body.includes('root:')]).toEqual([target, false, false])
    expect([target, status < 500]).toEqual([target, true])
  }
  expect((await ask(port, { target: '/assets/app.js' })).body).toBe('export {}')
  expect((await ask(port, { target: '/assets/within.js' })).body).toBe('export {}')
})

test('folders are browsed under the roots, whoever asks', async () => {
  const root = temporaryFolder()
  const outside = temporaryFolder()
  mkdirSync(join(root, 'pictures'))
  symlinkSync(outside, join(root, 'link'))
  symlinkSync('/proc/self/root', join(root, 'everything'))
  symlinkSync('loop', join(root, 'loop'))
  const host = await startTestHost({ env: { ...process.env, REPRISE_DATA_ROOTS: root } })
  const page = await pageClient(host)
  const listing = await page.folders.list.query({ path: join(root, 'pictures') })
  expect(listing.roots).toEqual(expect.arrayContaining([realpathSync(homedir()), realpathSync(root)]))
  const refused = [
    '/',
    '/etc',
    '/proc',
    '/proc/self/cwd',
    '/proc/self/root/etc',
    '/sys',
    '/dev/fd',
    outside,
    join(root, '..'),
    join(root, 'link'),
    join(root, 'link', 'deeper'),
    join(root, 'everything'),
    join(root, 'everything', 'etc'),
    `${root}-beside`,
    `${root}/pictures/../../../etc`,
    '/etc/there-is-none',
    '/there-is-none',
  ]
  for (const path of refused) {
    for (const client of [page, host.client]) {
      expect([path, await codeOf(client.folders.list.query({ path }))]).toEqual([path, 'not-allowed'])
    }
  }
  for (const path of [join(root, 'none'), join(root, 'loop')]) {
    expect([path, await codeOf(page.folders.list.query({ path }))]).toEqual([path, 'data-missing'])
  }
  for (const path of ['', '\0', `${root}\0/etc`, 'x'.repeat(5000)]) {
    expect(await codeOf(page.folders.list.query({ path }))).toBe('usage')
  }
})

test('a page names data under the roots alone; a program of the owner names any', async () => {
  const root = temporaryFolder()
  const outside = temporaryFolder()
  for (const folder of [join(root, 'pets'), join(outside, 'pets')]) mkdirSync(folder)
  symlinkSync(join(outside, 'pets'), join(root, 'link'))
  const host = await startTestHost({ env: { ...process.env, REPRISE_DATA_ROOTS: root } })
  const page = await pageClient(host)
  const codes = async (client: typeof page, path: string) => [
    await codeOf(client.datasets.look.query({ path })),
    await codeOf(client.datasets.add.mutate({ path, id: 'x' })),
  ]
  const refused = [
    join(outside, 'pets'),
    join(root, 'link'),
    '/etc/passwd',
    '/proc/self/environ',
    `${outside}/none`,
    '.',
    '/dev/zero',
  ]
  for (const path of refused) {
    expect([path, await codes(page, path)]).toEqual([path, ['not-allowed', 'not-allowed']])
  }
  expect(await codes(page, `${root}/a\0b`)).toEqual(['usage', 'usage'])
  expect(await codeOf(page.datasets.look.query({ path: join(root, 'pets') }))).toBe('no-class-folders')
  expect(await codeOf(page.datasets.add.mutate({ path: join(root, 'pets'), id: 'pets' }))).toBeNull()
  expect(await codeOf(host.client.datasets.look.query({ path: join(outside, 'pets') }))).toBe('no-class-folders')
  expect(await codeOf(host.client.datasets.add.mutate({ path: join(outside, 'pets'), id: 'others' }))).toBeNull()
})
