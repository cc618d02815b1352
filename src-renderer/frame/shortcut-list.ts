// The keys of the views that exist, for the help and for Settings.
import type { frame } from '../i18n/en/frame.ts'

type ShortcutText = keyof (typeof frame)['shortcuts']

export interface ShortcutGroup {
  title: ShortcutText
  lines: { text: ShortcutText; keys: string[] }[]
}

export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'anywhere',
    lines: [
      { text: 'palette', keys: ['Mod+K'] },
      { text: 'help', keys: ['Mod+/'] },
      { text: 'newRun', keys: ['Mod+N', 'Alt+N'] },
      { text: 'find', keys: ['Mod+F'] },
      { text: 'undo', keys: ['Mod+Z'] },
      { text: 'redo', keys: ['Mod+Shift+Z', 'Mod+Y'] },
      { text: 'sidebar', keys: ['Mod+B'] },
      { text: 'settings', keys: ['Mod+,'] },
      { text: 'theme', keys: ['Alt+M'] },
      { text: 'back', keys: ['Alt+ArrowLeft'] },
      { text: 'forward', keys: ['Alt+ArrowRight'] },
      { text: 'entries', keys: ['Mod+1…4', 'Alt+1…4'] },
      { text: 'escape', keys: ['Escape'] },
    ],
  },
  {
    title: 'go',
    lines: [
      { text: 'goHome', keys: ['G', 'H'] },
      { text: 'goRecipes', keys: ['G', 'R'] },
      { text: 'goDatasets', keys: ['G', 'D'] },
      { text: 'goRuns', keys: ['G', 'U'] },
      { text: 'goSettings', keys: ['G', 'S'] },
    ],
  },
  {
    title: 'lists',
    lines: [
      { text: 'move', keys: ['J', 'K', 'ArrowUp', 'ArrowDown'] },
      { text: 'select', keys: ['X'] },
      { text: 'extend', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'] },
      { text: 'open', keys: ['Enter'] },
      { text: 'rename', keys: ['F2'] },
      { text: 'runAgain', keys: ['R'] },
      { text: 'bin', keys: ['Delete'] },
      { text: 'filter', keys: ['/'] },
      { text: 'fold', keys: ['[', ']'] },
    ],
  },
  {
    title: 'pictures',
    lines: [
      { text: 'move', keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
      { text: 'large', keys: ['Space', 'Enter'] },
      { text: 'zoom', keys: ['-', '0'] },
      { text: 'markPicture', keys: ['X'] },
      { text: 'leaveOut', keys: ['Delete'] },
    ],
  },
  {
    title: 'queue',
    lines: [
      { text: 'moveInQueue', keys: ['Alt+ArrowUp', 'Alt+ArrowDown'] },
      { text: 'priority', keys: ['Alt+Shift+ArrowUp', 'Alt+Shift+ArrowDown'] },
    ],
  },
  {
    title: 'oneRun',
    lines: [
      { text: 'pauseOrResume', keys: ['P'] },
      { text: 'stopAfterEpoch', keys: ['Shift+S'] },
      { text: 'runTabs', keys: ['1…4'] },
    ],
  },
  {
    title: 'form',
    lines: [
      { text: 'start', keys: ['Mod+Enter'] },
      { text: 'startFirst', keys: ['Mod+Shift+Enter'] },
      { text: 'sections', keys: ['Alt+ArrowUp', 'Alt+ArrowDown'] },
      { text: 'recipeValue', keys: ['Alt+R'] },
    ],
  },
]
