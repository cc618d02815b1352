import { mkdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { readHostAddress } from '../../src-main/launch/host-address.ts'
import type { DesktopShell } from '../support/desktop-shell.ts'
import { withHostApi } from '../support/host-api.ts'
import { makePictureFolder } from '../support/picture-folder.ts'
import { expect, test } from '../support/test.ts'

/** A server of somebody else, with the paths it was asked for. */
async function foreignServer(): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('<title>Elsewhere</title>')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, server }
}

test('the page has no Node and only the bridge', async ({ page }) => {
  const seen = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
    bridge: Object.values(window.desktop ?? {}).filter((member) => typeof member === 'object'),
    platform: window.desktop?.platform,
  }))
  expect(seen).toEqual({ node: [], bridge: [], platform: 'linux' })
})

test('the page never sees the token, nor the cookie that the app opened for it', async ({ shell, page, dataDir }) => {
  const { token } = readHostAddress(dataDir) ?? { token: '' }
  expect(token.length).toBeGreaterThan(40)
  const seen = await page.evaluate(() => ({
    cookie: document.cookie,
    kept: [...Object.values(localStorage), ...Object.values(sessionStorage)].join(),
    address: location.href,
    bridge: Object.keys(window.desktop ?? {}),
    opened: window.desktop?.openSession(),
  }))
  expect(JSON.stringify(seen)).not.toContain(token)
  expect(seen.cookie).toBe('')
  const cookies = await (shell as DesktopShell).app.evaluate(({ session }) => session.defaultSession.cookies.get({}))
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'strict', session: true, domain: '127.0.0.1' }])
  expect(JSON.stringify(cookies)).not.toContain(token)
})

test('markup in the name of a data set is shown as text', async ({ shell, page, dataDir }) => {
  const name = '<img src=x onerror="globalThis.injected = true">'
  const folder = join(dataDir, name)
  await mkdir(folder)
  await makePictureFolder(folder)
  const { id } = await withHostApi(dataDir, (api) => api.datasets.add.mutate({ path: join(folder, 'my pets') }))
  await withHostApi(dataDir, (api) => api.datasets.add.mutate({ path: folder, id: 'markup' }))
  for (const path of ['datasets', 'datasets/markup', `datasets/${id}`]) {
    await page.goto(`${shell.origin}${path}`)
    await expect(page.getByText(name).first()).toBeVisible()
  }
  expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false)
  expect(await page.locator('img[src="x"]').count()).toBe(0)
})

test('the policy of the page blocks inline scripts and connections elsewhere', async ({ page }) => {
  const blocked = await page.evaluate(
    () =>
      new Promise<string[]>((done) => {
        const seen: string[] = []
        addEventListener('securitypolicyviolation', (event) => {
          seen.push(event.effectiveDirective)
          if (seen.length === 2) done(seen.sort())
        })
        const script = document.createElement('script')
        script.textContent = 'globalThis.injected = true'
        document.head.append(script)
        fetch('http://127.0.0.1:1/').catch(() => {})
      }),
  )
  expect(blocked).toEqual(['connect-src', 'script-src-elem'])
  expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false)
})

test('a new window is denied; an https link opens in the system browser', async ({ shell, page }) => {
  const { app } = shell as DesktopShell
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = async (url: string) => void opened.push(url)
  })
  const results = await page.evaluate(() => [
    window.open('http://127.0.0.1:1/'),
    window.open('file:///etc/passwd'),
    window.open('https://arxiv.org/abs/1512.03385'),
  ])
  expect(results).toEqual([null, null, null])
  expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([
    'https://arxiv.org/abs/1512.03385',
  ])
  expect(app.windows().length).toBe(1)
})

test('the window does not leave the app', async ({ shell, page }) => {
  const { url, asked, server } = await foreignServer()
  try {
    const { app } = shell as DesktopShell
    const denied = app.evaluate(
      ({ webContents }) =>
        new Promise<string>((done) => {
          for (const contents of webContents.getAllWebContents()) {
            contents.once('will-navigate', (event, target) => done(`${target} ${event.defaultPrevented}`))
          }
        }),
    )
    await page.evaluate((target) => {
      location.href = target
    }, url)
    expect(await denied).toBe(`${url} true`)
    expect(page.url().startsWith(shell.origin)).toBe(true)
    expect(asked).toEqual([])
  } finally {
    server.close()
  }
})

test('permissions are denied', async ({ page }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[]
    const results = await Promise.all(names.map((name) => navigator.permissions.query({ name })))
    return results.map((result) => result.state)
  })
  expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
})

test('a page that is not the app gets no answer over the bridge', async ({ shell }) => {
  const { app } = shell as DesktopShell
  const answer = await app.evaluate(async ({ BrowserWindow }, preload) => {
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    await window.loadURL('data:text/html,<title>Elsewhere</title>')
    const said = await window.webContents.executeJavaScript(
      'window.desktop.openSession().catch((error) => "refused: " + error.message)',
    )
    window.destroy()
    return said as string
  }, resolve('out/preload/preload.cjs'))
  expect(answer).toContain('refused: ')
  expect(answer).toContain('Only the page of this app')
})
