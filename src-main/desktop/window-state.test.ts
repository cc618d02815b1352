import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readWindowState, windowBounds, writeWindowState } from './window-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'reprise-window-'))
const file = join(folder, 'profile', 'window.json')
const display = { x: 0, y: 0, width: 1920, height: 1040 }
const state = { bounds: { x: 200, y: 100, width: 1300, height: 800 }, maximized: true }

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a written state is read back', () => {
  writeWindowState(file, state)
  expect(readWindowState(file)).toEqual(state)
})

test('a missing or damaged file counts as no state', () => {
  expect(readWindowState(file)).toBe(null)
  writeWindowState(file, state)
  writeFileSync(file, '{"bounds": {"x": 1')
  expect(readWindowState(file)).toBe(null)
  writeFileSync(file, '{"bounds": {"x": 1, "y": "2", "width": 3, "height": 4}}')
  expect(readWindowState(file)).toBe(null)
})

test('a remembered window opens where it was', () => {
  expect(windowBounds(state, [display])).toEqual(state.bounds)
})

test('a window remembered on a display that is gone opens where the platform puts it', () => {
  const away = { ...state, bounds: { ...state.bounds, x: 2500 } }
  expect(windowBounds(away, [display])).toEqual({ width: 1300, height: 800 })
})

test('a first window fits the display and is never smaller than the interface needs', () => {
  expect(windowBounds(null, [display])).toEqual({ width: 1440, height: 900 })
  expect(windowBounds(null, [{ ...display, width: 1280, height: 700 }])).toEqual({ width: 1280, height: 700 })
  expect(windowBounds(null, [{ ...display, width: 800, height: 600 }])).toEqual({ width: 1024, height: 640 })
})
