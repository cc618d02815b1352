// Key combinations by name: "Mod+K", "Alt+ArrowLeft", "Shift+X". Mod is Ctrl, on macOS Cmd.

const isMac = () => /Mac/.test(globalThis.navigator?.platform ?? '')

const names: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
}

/** The combination as it is shown: "Ctrl K", "⌘ K". */
export function keysText(keys: string, mac = isMac()): string {
  return keys
    .split('+')
    .map((key) => (key === 'Mod' ? (mac ? '⌘' : 'Ctrl') : (names[key] ?? key)))
    .join(' ')
}

export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** Whether a key press is the combination. Letters match by place too, so that Alt and other layouts do not hide them. */
export function matchesKeys(press: KeyPress, keys: string, mac = isMac()): boolean {
  const parts = keys.split('+')
  const wanted = parts.at(-1) ?? ''
  const mod = mac ? press.metaKey : press.ctrlKey
  const otherMod = mac ? press.ctrlKey : press.metaKey
  if (otherMod || mod !== parts.includes('Mod') || press.altKey !== parts.includes('Alt')) return false
  const letter = /^[A-Z]$/.test(wanted)
  if ((letter || wanted.length > 1) && press.shiftKey !== parts.includes('Shift')) return false
  if (letter) return press.key.toUpperCase() === wanted || press.code === `Key${wanted}`
  if (/^\d$/.test(wanted)) return press.key === wanted || press.code === `Digit${wanted}`
  return press.key === wanted
}

/** True while typing goes into a field, where plain letters are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
}
