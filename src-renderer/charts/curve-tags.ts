// Tags of a curve chart as elements over the canvas, so that their type stays sharp: the paper's figure and newest values.
import type uPlot from 'uplot'
import styles from './curve-chart.module.css'
import type { CurvePlotData } from './curve-plot.ts'

export interface CurveTags {
  root: HTMLElement
  /** Moves every tag to where its value stands now. */
  place(u: uPlot, data: CurvePlotData): void
}

function element(className: string | undefined, text = ''): HTMLElement {
  const node = document.createElement('span')
  node.className = className ?? ''
  node.textContent = text
  return node
}

/** Tags for one plot; `format` words the newest value of a series. */
export function createCurveTags(format: (value: number) => string): CurveTags {
  const root = element(styles.tags)
  // The chart's summary and its table say the same in words.
  root.setAttribute('aria-hidden', 'true')
  return {
    root,
    place(u, data) {
      root.replaceChildren()
      placeReference(root, u, data)
      placeNewest(root, u, data, format)
    },
  }
}

function placeReference(root: HTMLElement, u: uPlot, { reference, referenceTag, yRange }: CurvePlotData) {
  if (!reference || !referenceTag || reference.value < yRange[0] || reference.value > yRange[1]) return
  const top = u.valToPos(reference.value, 'y')
  const paper = element(styles.paperTag, referenceTag.figure)
  paper.style.top = `${top}px`
  const tolerance = element(styles.toleranceTag, referenceTag.tolerance)
  tolerance.style.top = `${top + 12}px`
  root.append(paper, tolerance)
}

function placeNewest(
  root: HTMLElement,
  u: uPlot,
  { series, xRange, yRange, reference }: CurvePlotData,
  format: (value: number) => string,
) {
  for (const { tagged, x, y, color } of series) {
    const last = x.length - 1
    if (!tagged || last < 0) continue
    const [at, value] = [x[last] as number, y[last] as number]
    if (at < xRange[0] || at > xRange[1] || !(value >= yRange[0] && value <= yRange[1])) continue
    const left = u.valToPos(at, 'x')
    const top = u.valToPos(value, 'y')
    const dot = element(styles.newestDot)
    const tag = element(styles.newestTag, format(value))
    const below = reference ? value <= reference.value : top < u.over.clientHeight / 2
    // Near the right edge the tag moves to the left of its point, so that it covers no other tag.
    const flip = left > u.over.clientWidth - 56
    for (const node of [dot, tag]) node.style.setProperty('--color', `var(--series-${color})`)
    dot.style.left = `${left}px`
    dot.style.top = `${top}px`
    tag.style.left = `${left + (flip ? -8 : 10)}px`
    tag.style.top = `${below ? Math.min(top + 8, u.over.clientHeight - 20) : Math.max(top - 26, 0)}px`
    if (flip) tag.style.transform = 'translateX(-100%)'
    root.append(dot, tag)
  }
}
