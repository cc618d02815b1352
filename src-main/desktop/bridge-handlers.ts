// Main's side of the bridge. Every message is answered only to the top frame of the app's own page.
import { isAbsolute } from 'node:path'
import { BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain, type OpenDialogOptions, shell } from 'electron'
import type { HostState, PickFileOptions } from '../shared/desktop-bridge.ts'
import type { InvokeChannel } from './channels.ts'

export interface BridgeServices {
  isOwnPage(url: string): boolean
  openSession(): Promise<void>
  hostState(): HostState
  restartHost(): void
}

type Handler = (window: BrowserWindow, argument: unknown) => unknown

const text = (value: unknown): value is string => typeof value === 'string' && value.length > 0

/** Answers the preload's messages. Throws inside a message when the sender is not the app's own page. */
export function handleBridge(services: BridgeServices): void {
  const handlers: Record<InvokeChannel, Handler> = {
    'open-session': () => services.openSession(),
    'host-state': () => services.hostState(),
    'restart-host': () => services.restartHost(),
    'pick-folder': (window, options) => pick(window, 'openDirectory', options),
    'pick-file': (window, options) => pick(window, 'openFile', options),
    'reveal-file'(_window, path) {
      if (text(path) && isAbsolute(path)) shell.showItemInFolder(path)
    },
  }
  for (const [channel, handler] of Object.entries(handlers)) {
    ipcMain.handle(channel, (event, argument: unknown) => handler(ownWindow(event, services), argument))
  }
}

function ownWindow(event: IpcMainInvokeEvent, services: BridgeServices): BrowserWindow {
  const frame = event.senderFrame
  const window = BrowserWindow.fromWebContents(event.sender)
  if (!window || !frame || frame.parent !== null || !services.isOwnPage(frame.url)) {
    throw new Error('Only the page of this app may ask that.')
  }
  return window
}

async function pick(window: BrowserWindow, kind: 'openDirectory' | 'openFile', argument: unknown) {
  const { title, defaultPath, filters } = (argument ?? {}) as PickFileOptions
  const options: OpenDialogOptions = {
    properties: [kind],
    ...(text(title) && { title }),
    ...(text(defaultPath) && { defaultPath }),
    ...(Array.isArray(filters) && { filters }),
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
  return canceled ? null : (filePaths[0] ?? null)
}
