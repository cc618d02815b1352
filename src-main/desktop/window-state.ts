// Where the window was and how large, kept between starts.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowState {
  bounds: Rectangle
  maximized: boolean
}

export const minimumSize = { width: 1024, height: 640 }
const usualSize = { width: 1440, height: 900 }

const isRectangle = (value: unknown): value is Rectangle =>
  typeof value === 'object' &&
  value !== null &&
  ['x', 'y', 'width', 'height'].every((key) => Number.isInteger((value as Record<string, unknown>)[key]))

/** The state last written to `file`, or null when there is none or it cannot be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    return isRectangle(bounds) ? { bounds, maximized: maximized === true } : null
  } catch {
    return null
  }
}

/** Writes by a temporary file and a rename, so that a crash leaves the old state whole. */
export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}

/**
 * Bounds for a new window: the remembered ones while at least a title bar's worth of them lies on a display, else the
 * usual size, no larger than the main display. Position is left to the platform when it is not remembered.
 */
export function windowBounds(state: WindowState | null, workAreas: readonly Rectangle[]): Partial<Rectangle> {
  const main = workAreas[0] ?? { x: 0, y: 0, ...usualSize }
  const fit = ({ width, height }: { width: number; height: number }) => ({
    width: Math.max(minimumSize.width, Math.min(width, main.width)),
    height: Math.max(minimumSize.height, Math.min(height, main.height)),
  })
  if (!state) return fit(usualSize)
  const { x, y, width } = state.bounds
  const reachable = workAreas.some(
    (area) => x + width - 100 > area.x && x + 100 < area.x + area.width && y >= area.y && y + 30 < area.y + area.height,
  )
  return reachable ? state.bounds : fit(state.bounds)
}
