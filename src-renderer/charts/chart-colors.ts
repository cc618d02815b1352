// Colours of the design tokens as a canvas needs them: resolved values that follow the theme.

export interface ChartColors {
  /** Colour of series 1 to 8. */
  series(number: number): string
  rawOpacity: number
  paperLine: string
  paperBand: string
  grid: string
  axis: string
  text: string
  surface: string
}

function readColors(): ChartColors {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const series = Array.from({ length: 8 }, (_, index) => token(`--series-${index + 1}`))
  return {
    series: (number) => series[(number - 1) % series.length] ?? '',
    rawOpacity: Number(token('--series-raw-opacity')) || 0.3,
    paperLine: token('--paper-line'),
    paperBand: token('--paper-band'),
    grid: token('--grid'),
    axis: token('--axis'),
    text: token('--ink-3'),
    surface: token('--surface'),
  }
}

let current: ChartColors | null = null
const listeners = new Set<() => void>()

/** The colours of the theme that is on now. */
export function chartColors(): ChartColors {
  current ??= readColors()
  return current
}

/** Calls `listener` after every change of theme or contrast; returns how to stop. */
export function onChartColorsChange(listener: () => void): () => void {
  if (listeners.size === 0) startWatching()
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) stopWatching()
  }
}

const refresh = () => {
  current = null
  for (const listener of listeners) listener()
}

let observer: MutationObserver | null = null
const contrast = () => window.matchMedia('(prefers-contrast: more)')

function startWatching() {
  current = null
  observer = new MutationObserver(refresh)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  contrast().addEventListener('change', refresh)
}

function stopWatching() {
  observer?.disconnect()
  observer = null
  contrast().removeEventListener('change', refresh)
}
