// What the desktop window's preload puts on `window.desktop`; absent when the page runs in a browser.
import type { ErrorReport } from './errors.ts'

/** The host as the desktop shell sees it. `failed` is final until `restartHost`. */
export type HostState =
  | { status: 'starting'; attempt: number }
  | { status: 'ready'; url: string; pid: number }
  | { status: 'failed'; error: ErrorReport }

/** Entries of the application menu that the page carries out. */
export const menuCommands = [
  'new-run',
  'palette',
  'shortcuts',
  'settings',
  'home',
  'recipes',
  'datasets',
  'runs',
  'undo',
  'redo',
] as const
export type MenuCommand = (typeof menuCommands)[number]

export interface PickOptions {
  title?: string
  /** Where the dialog opens. */
  defaultPath?: string
}

export interface PickFileOptions extends PickOptions {
  /** Extensions without a dot. */
  filters?: { name: string; extensions: string[] }[]
}

/** Only what a page cannot do by itself. Promises reject when the page is not the app's own. */
export interface DesktopBridge {
  platform: 'linux' | 'darwin' | 'win32'
  /** Opens a session at the host for this window; needed anew after the host was started again. */
  openSession(): Promise<void>
  /** Absolute path, or null when the dialog was cancelled. */
  pickFolder(options?: PickOptions): Promise<string | null>
  /** Absolute path, or null when the dialog was cancelled. */
  pickFile(options?: PickFileOptions): Promise<string | null>
  /** Shows a file or folder in the platform's file manager. */
  revealFile(path: string): Promise<void>
  /** Absolute path of a dropped or chosen file. */
  pathOf(file: File): string
  hostState(): Promise<HostState>
  /** Starts the host once more after it failed. */
  restartHost(): Promise<void>
  /** Calls back at every change; returns how to stop listening. */
  onHostState(listener: (state: HostState) => void): () => void
  /** Calls back when a menu entry was chosen; returns how to stop listening. */
  onMenuCommand(listener: (command: MenuCommand) => void): () => void
  /** Calls back with a path of this app to open, after a click on a notification; returns how to stop listening. */
  onOpenPath(listener: (path: string) => void): () => void
}

declare global {
  interface Window {
    desktop?: DesktopBridge
  }
}
