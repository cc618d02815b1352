import { expect, test } from 'vitest'
import { keysText, matchesKeys } from './keys.ts'

const press = (key: string, more: Partial<Parameters<typeof matchesKeys>[0]> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

test('combinations are shown as the keyboard names them', () => {
  expect(keysText('Mod+K', false)).toBe('Ctrl K')
  expect(keysText('Mod+K', true)).toBe('⌘ K')
  expect(keysText('Alt+ArrowLeft', false)).toBe('Alt ←')
})

test('Mod is Ctrl, and Cmd on macOS', () => {
  expect(matchesKeys(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true)
  expect(matchesKeys(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true)
  expect(matchesKeys(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false)
})

test('a letter with Alt is known by its place, whatever it types', () => {
  expect(matchesKeys(press('µ', { code: 'KeyM', altKey: true }), 'Alt+M', false)).toBe(true)
})

test('a combination with more keys than asked does not match', () => {
  expect(matchesKeys(press('k', { ctrlKey: true, shiftKey: true }), 'Mod+K', false)).toBe(false)
  expect(matchesKeys(press('x'), 'Mod+X', false)).toBe(false)
})

test('signs match although some layouts need Shift for them', () => {
  expect(matchesKeys(press('/', { ctrlKey: true, shiftKey: true }), 'Mod+/', false)).toBe(true)
})
