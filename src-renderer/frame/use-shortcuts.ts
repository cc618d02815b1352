import { useEffect } from 'react'
import type { MenuCommand } from '../../src-main/shared/desktop-bridge.ts'
import { goBack, goForward, navigate } from '../router/router.ts'
import type { Route } from '../router/routes.ts'
import { setPaletteOpen, setShortcutsOpen, toggleSidebar } from '../stores/ui-store.ts'
import { toggleTheme } from './appearance.ts'
import { attempt } from './attempt.ts'
import { isTyping, matchesKeys } from './keys.ts'
import { redoLast, undoInField, undoLast } from './undo.ts'

const entries: Route[] = [{ view: 'home' }, { view: 'recipes', recipeId: null }, { view: 'datasets' }, { view: 'runs' }]
const newRun: Route = { view: 'new-run', recipeId: null, from: null }
const settings: Route = { view: 'settings', section: 'appearance' }

/** After G: where the next letter leads. */
const goTo: Record<string, Route> = {
  H: { view: 'home' },
  R: { view: 'recipes', recipeId: null },
  D: { view: 'datasets' },
  U: { view: 'runs' },
  S: settings,
}

/** Focuses the search field of the present view. */
function findInView() {
  document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus()
}

/** Combinations that work everywhere. A browser keeps Ctrl N and Ctrl 1 to 9 for itself, so Alt works as well. */
const combinations: [keys: string, run: () => void][] = [
  ['Mod+K', () => setPaletteOpen(true)],
  ['Mod+/', () => setShortcutsOpen(true)],
  ['Mod+N', () => navigate(newRun)],
  ['Alt+N', () => navigate(newRun)],
  ['Mod+F', findInView],
  ['Mod+B', toggleSidebar],
  ['Mod+,', () => navigate(settings)],
  ['Alt+M', () => void attempt(toggleTheme)],
  ['Alt+ArrowLeft', goBack],
  ['Alt+ArrowRight', goForward],
  ...entries.flatMap((route, index): [string, () => void][] => [
    [`Mod+${index + 1}`, () => navigate(route)],
    [`Alt+${index + 1}`, () => navigate(route)],
  ]),
]

/** Keys that belong to the field that is typed in, where there is one. */
const outsideFields: [keys: string, run: () => void][] = [
  ['Mod+Z', () => void undoLast()],
  ['Mod+Shift+Z', () => void redoLast()],
  ['Mod+Y', () => void redoLast()],
]

const menuActions: Record<MenuCommand, () => void> = {
  undo: () => undoInField('undo') || void undoLast(),
  redo: () => undoInField('redo') || void redoLast(),
  'new-run': () => navigate(newRun),
  palette: () => setPaletteOpen(true),
  shortcuts: () => setShortcutsOpen(true),
  settings: () => navigate(settings),
  home: () => navigate({ view: 'home' }),
  recipes: () => navigate({ view: 'recipes', recipeId: null }),
  datasets: () => navigate({ view: 'datasets' }),
  runs: () => navigate({ view: 'runs' }),
}

/** Listens to the keys that work in every view, and to the desktop's menu. */
export function useShortcuts(): void {
  useEffect(() => {
    let afterG = 0
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      for (const [keys, run] of combinations) {
        if (!matchesKeys(event, keys)) continue
        // Without a search field the browser's own search is of more use.
        if (keys === 'Mod+F' && !document.querySelector('main input[type="search"]')) return
        event.preventDefault()
        run()
        return
      }
      if (isTyping(event.target)) return
      for (const [keys, run] of outsideFields) {
        if (!matchesKeys(event, keys)) continue
        event.preventDefault()
        run()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]')) return
      const letter = event.key.toUpperCase()
      const route = event.timeStamp - afterG < 1200 ? goTo[letter] : undefined
      afterG = letter === 'G' && !route ? event.timeStamp : 0
      if (!route) return
      event.preventDefault()
      event.stopPropagation()
      navigate(route)
    }
    window.addEventListener('keydown', onKeyDown, { capture: true })
    const stopMenu = window.desktop?.onMenuCommand((command) => menuActions[command]())
    const stopPaths = window.desktop?.onOpenPath((path) => navigate(path))
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true })
      stopMenu?.()
      stopPaths?.()
    }
  }, [])
}
