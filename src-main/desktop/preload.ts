// The only door between the page and Electron: one object, no Node, no Electron types behind it.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge } from '../shared/desktop-bridge.ts'
import type { EventChannel, InvokeChannel } from './channels.ts'

const invoke = (channel: InvokeChannel, ...args: unknown[]) => ipcRenderer.invoke(channel, ...args)

function listen<T>(channel: EventChannel, listener: (value: T) => void): () => void {
  const handler = (_event: unknown, value: T) => listener(value)
  ipcRenderer.on(channel, handler)
  return () => ipcRenderer.off(channel, handler)
}

const bridge: DesktopBridge = {
  platform: process.platform as DesktopBridge['platform'],
  openSession: () => invoke('open-session'),
  pickFolder: (options) => invoke('pick-folder', options),
  pickFile: (options) => invoke('pick-file', options),
  revealFile: (path) => invoke('reveal-file', path),
  // webUtils came with Electron 29, File.path went with 32.
  pathOf: (file) => (webUtils ? webUtils.getPathForFile(file) : (file as File & { path: string }).path),
  hostState: () => invoke('host-state'),
  restartHost: () => invoke('restart-host'),
  onHostState: (listener) => listen('host-state-changed', listener),
  onMenuCommand: (listener) => listen('menu-command', listener),
  onOpenPath: (listener) => listen('open-path', listener),
}

contextBridge.exposeInMainWorld('desktop', bridge)
