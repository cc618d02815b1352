// Undo as the reader meets it: a toast after an action, the keys, the menu. Each says what it took back.
import i18next from 'i18next'
import { toErrorReport } from '../../src-main/shared/errors.ts'
import { redo, remember, type Undoable, undo } from '../stores/undo-store.ts'
import { showToast } from '../ui/toast.tsx'
import { errorWords } from './error-words.ts'
import { keysText } from './keys.ts'

async function say(carry: () => Promise<Undoable | null>, how: 'undo' | 'redo', quiet = false): Promise<void> {
  try {
    const action = await carry()
    if (action === null) {
      if (!quiet) showToast({ title: i18next.t(`frame:${how}.nothing`) })
      return
    }
    showToast({
      title: i18next.t(`frame:${how}.done`, { what: action.words() }),
      ...(how === 'undo' && { action: { label: i18next.t('frame:redo.name'), onSelect: () => void redoLast() } }),
    })
  } catch (error) {
    const { message, lines } = errorWords(toErrorReport(error), i18next.language === 'zh' ? 'zh' : 'en')
    showToast({ title: i18next.t(`frame:${how}.failed`), text: [message, ...lines].join(' '), tone: 'danger' })
  }
}

/** Takes back the newest action of this window. */
export function undoLast(): Promise<void> {
  return say(() => undo(), 'undo')
}

/** Does again what was taken back last. */
export function redoLast(): Promise<void> {
  return say(() => redo(), 'redo')
}

/** Puts an action on the stack and tells of it, with a way back. */
export function offerUndo(action: Undoable, toast: { title: string; text?: string }): void {
  remember(action)
  tellOfUndo(action, toast)
}

/** Tells of an action that is on the stack, with a way back. */
export function tellOfUndo(action: Undoable, toast: { title: string; text?: string }): void {
  showToast({
    ...toast,
    action: {
      label: i18next.t('undo'),
      keys: keysText('Mod+Z'),
      onSelect: () => void say(() => undo(action), 'undo', true),
    },
  })
}

/** Undo of the field that is typed in, as a menu asks for it; false when none is. */
export function undoInField(command: 'undo' | 'redo'): boolean {
  const field = document.activeElement
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return false
  // The only way to a field's own history from a page.
  return document.execCommand(command)
}
