// The Electron app: one instance, its windows, and a host that it starts and watches. All work is done elsewhere.
import { join } from 'node:path'
import { app, BrowserWindow, session } from 'electron'
import type { RunSummary } from '../shared/api.ts'
import type { HostState } from '../shared/desktop-bridge.ts'
import { setAppMenu } from './app-menu.ts'
import { createAppWindow, isPageOf, sendToPages, showHostPage, showStatusPage } from './app-window.ts'
import { handleBridge } from './bridge-handlers.ts'
import { readSettings } from './host-requests.ts'
import { followRuns } from './host-runs.ts'
import { openHostSession } from './host-session.ts'
import { type HostSupervisor, type ReachedHost, superviseHost } from './host-supervisor.ts'
import { decideLeave } from './leave.ts'
import { lockDownPages, lockDownSession } from './lock-down.ts'
import { reachHost } from './reach-host.ts'
import { createRunSignals, endSentence } from './run-signals.ts'
import { createAwakeSwitch, isLookedAt, showNotification, showProgress } from './system-signals.ts'
import { shellWords } from './words.ts'

// A test driver that attaches to a packaged app calls this when it listens; windows made before that stay unseen by it.
const driverReady = process.env.REPRISE_E2E_HOLD
  ? new Promise<void>((resolve) => Object.assign(globalThis, { __playwright_run: resolve }))
  : Promise.resolve()

// Plain Node reads nothing inside an archive: host, interface and native modules lie beside it.
const appDir = app.getAppPath().replace(/app\.asar$/, 'app.asar.unpacked')

// `npm start -- --port N` says it by this switch; the host checks it.
const wishedPort = app.commandLine.hasSwitch('port') ? Number(app.commandLine.getSwitchValue('port')) : undefined

/** How soon a change of the settings about sleep counts. */
const settingsMs = 30_000

if (app.requestSingleInstanceLock()) runApp()
else app.exit(0)

function runApp(): void {
  let words = shellWords('system', app.getLocale())
  let leaving = false
  // Kept while the host is away: its page stays and comes back by itself.
  let hostUrl: string | undefined

  let unfollow = () => {}
  const signalRuns = createRunSignals({
    settings: () => {
      const host = supervisor.host()
      return host ? readSettings(host) : Promise.reject(new Error('there is no host'))
    },
    isLookedAt,
    setProgress: showProgress,
    keepAwake: createAwakeSwitch(),
    notify: (run) =>
      showNotification(run.name, endSentence(run, words), () => {
        const window = BrowserWindow.getAllWindows()[0]
        if (window) toFront(window, `/runs/${run.id}`)
      }),
  })

  let newestRuns: RunSummary[] | null = null
  function tellRuns(runs: RunSummary[] | null): void {
    newestRuns = runs
    void signalRuns(runs)
  }
  // A setting that is changed while a run trains comes with no event.
  setInterval(() => void signalRuns(newestRuns), settingsMs)

  function followHost(host: ReachedHost | null): void {
    unfollow()
    unfollow = host ? followRuns(host, tellRuns) : () => {}
    if (!host) tellRuns(null)
  }

  const supervisor: HostSupervisor = superviseHost({
    reach: ({ port }) => reachHost({ appDir, uiDir: join(appDir, 'out/renderer'), port: port ?? wishedPort }),
    onState(state) {
      if (state.status === 'ready') hostUrl = state.url
      sendToPages('host-state-changed', state)
      for (const window of BrowserWindow.getAllWindows()) void show(window, state)
      if (state.status === 'ready') void followLanguage()
      followHost(state.status === 'ready' ? supervisor.host() : null)
    },
  })
  const isOwnPage = (url: string) => isPageOf(hostUrl, url)

  async function show(window: BrowserWindow, state: HostState): Promise<void> {
    if (state.status === 'ready') await showHostPage(window, state.url)
    else await showStatusPage(window, state, words)
  }

  function openWindow(): BrowserWindow {
    const window = createAppWindow()
    window.on('close', (event) => {
      if (leaving || BrowserWindow.getAllWindows().length > 1) return
      event.preventDefault()
      void leave(window)
    })
    void show(window, supervisor.state())
    return window
  }

  async function leave(window: BrowserWindow): Promise<void> {
    const decision = await decideLeave(supervisor.host(), window, words)
    if (decision === 'stay' || leaving) return
    await quit(decision === 'leave-running')
  }

  /** Ends the app; windows vanish at once, the host is waited for. */
  async function quit(leaveRunning: boolean): Promise<void> {
    if (leaving) return
    leaving = true
    for (const window of BrowserWindow.getAllWindows()) window.close()
    await supervisor.stop({ leaveRunning })
    app.exit(0)
  }

  function toFront(window: BrowserWindow, path?: string): void {
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (path !== undefined) window.webContents.send('open-path', path)
  }

  async function followLanguage(): Promise<void> {
    const host = supervisor.host()
    const settings = host && (await readSettings(host).catch(() => null))
    if (settings) words = shellWords(settings.language, app.getLocale())
    setMenu()
  }

  const setMenu = () =>
    setAppMenu(words, {
      newWindow: openWindow,
      command: (command) => BrowserWindow.getFocusedWindow()?.webContents.send('menu-command', command),
    })

  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0]
    if (window) toFront(window)
  })
  // Quitting asks what closing the last window asks; without a window there is nothing left to ask.
  app.on('before-quit', (event) => {
    if (leaving) return
    event.preventDefault()
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
    void (window ? leave(window) : quit(false))
  })
  app.on('window-all-closed', () => {})
  // A signal asks nothing: the end of this process tells the host, which goes by the settings.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.exit(0))

  lockDownPages(isOwnPage, (action) => void (action === 'quit' ? quit(false) : supervisor.start()))
  handleBridge({
    isOwnPage,
    openSession: async () => {
      const host = supervisor.host()
      if (host) await openHostSession(host, session.defaultSession.cookies)
    },
    hostState: supervisor.state,
    restartHost: () => void supervisor.start(),
  })

  void app.whenReady().then(async () => {
    await driverReady
    lockDownSession(session.defaultSession)
    setMenu()
    openWindow()
    await supervisor.start()
  })
}
