// The app's windows: made locked down, remembered, and shown the host's page or the shell's own while there is none.
import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import type { HostState } from '../shared/desktop-bridge.ts'
import type { EventChannel } from './channels.ts'
import { statusPageUrl } from './status-page.ts'
import { minimumSize, readWindowState, windowBounds, writeWindowState } from './window-state.ts'
import type { ShellWords } from './words.ts'

const stateFile = () => join(app.getPath('userData'), 'window.json')

/** Makes a window and shows it once it has something to show. A second window opens beside the first. */
export function createAppWindow(): BrowserWindow {
  const remembered = readWindowState(stateFile())
  const beside = BrowserWindow.getAllWindows().length > 0
  const bounds = windowBounds(remembered, [
    screen.getPrimaryDisplay().workArea,
    ...screen.getAllDisplays().map((display) => display.workArea),
  ])
  const window = new BrowserWindow({
    ...(beside ? { width: bounds.width ?? minimumSize.width, height: bounds.height ?? minimumSize.height } : bounds),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#161614' : '#f5f5f2',
    webPreferences: {
      preload: join(__dirname, '../preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (remembered?.maximized && !beside) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    writeWindowState(stateFile(), { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  })
  return window
}

/** Loads the host's page where a window shows something else; a page that is already there reconnects by itself. */
export async function showHostPage(window: BrowserWindow, hostUrl: string): Promise<void> {
  if (isPageOf(hostUrl, window.webContents.getURL())) return
  await load(window, hostUrl)
}

/** Loads the shell's own page, unless the window shows the host's page and the host is about to come back there. */
export async function showStatusPage(
  window: BrowserWindow,
  state: Exclude<HostState, { status: 'ready' }>,
  words: ShellWords,
): Promise<void> {
  const showsHostPage = window.webContents.getURL().startsWith('http:')
  if (showsHostPage && state.status === 'starting') return
  await load(window, statusPageUrl(state, words))
}

// A load that another load overtakes rejects; the later one is what counts.
const load = (window: BrowserWindow, url: string) => window.loadURL(url).catch(() => {})

/** True for addresses of the host at `hostUrl`. */
export function isPageOf(hostUrl: string | undefined, url: string): boolean {
  if (hostUrl === undefined) return false
  try {
    return new URL(url).origin === new URL(hostUrl).origin
  } catch {
    return false
  }
}

/** Sends to the pages of all windows. */
export function sendToPages(channel: EventChannel, value: unknown): void {
  for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, value)
}
