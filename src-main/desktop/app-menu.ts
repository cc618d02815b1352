// The application menu: hidden until Alt is pressed (Linux, Windows), always there on macOS.
import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../shared/desktop-bridge.ts'
import type { ShellWords } from './words.ts'

export interface MenuActions {
  command(command: MenuCommand): void
  newWindow(): void
}

// The page hears these keys itself, in a browser too: here they are shown, not registered.
const keys: Record<MenuCommand, string> = {
  'new-run': 'CmdOrCtrl+N',
  palette: 'CmdOrCtrl+K',
  shortcuts: 'CmdOrCtrl+/',
  settings: 'CmdOrCtrl+,',
  home: 'CmdOrCtrl+1',
  recipes: 'CmdOrCtrl+2',
  datasets: 'CmdOrCtrl+3',
  runs: 'CmdOrCtrl+4',
  undo: 'CmdOrCtrl+Z',
  redo: 'CmdOrCtrl+Shift+Z',
}

/** Sets the menu in the language of `words`. */
export function setAppMenu(words: ShellWords, actions: MenuActions): void {
  const item = (command: MenuCommand): MenuItemConstructorOptions => ({
    id: command,
    label: words.commands[command],
    accelerator: keys[command],
    registerAccelerator: false,
    click: () => actions.command(command),
  })
  const separator = { type: 'separator' } as const
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.menu.file,
      submenu: [
        item('new-run'),
        {
          id: 'new-window',
          label: words.menu.newWindow,
          accelerator: 'CmdOrCtrl+Shift+N',
          click: actions.newWindow,
        },
        separator,
        item('settings'),
        separator,
        { role: 'close' },
        { role: 'quit', label: words.quit },
      ],
    },
    {
      label: words.menu.edit,
      submenu: [
        item('undo'),
        item('redo'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: words.menu.view,
      submenu: [
        item('palette'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        separator,
        { role: 'toggleDevTools' },
      ],
    },
    { label: words.menu.go, submenu: [item('home'), item('recipes'), item('datasets'), item('runs')] },
    { label: words.menu.help, submenu: [item('shortcuts')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
