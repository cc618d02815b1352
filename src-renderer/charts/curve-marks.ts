// What a curve chart draws besides its series: the paper, its tolerance, schedule events and the break of the y axis.
import type uPlot from 'uplot'
import { type ChartColors, chartColors } from './chart-colors.ts'

export interface Reference {
  /** The paper's figure, in the unit of the y axis. */
  value: number
  tolerance: number
}

/** A change of the schedule, such as a drop of the rate, at an x position. */
export interface ScheduleEvent {
  x: number
  label: string
}

/** Where a training stood still: a strip of fixed width, since the x axis counts training alone. */
export interface Rest {
  x: number
  /** "paused 2 h 10 min". */
  label: string
}

export interface CurveMarks {
  reference: Reference | null
  events: readonly ScheduleEvent[]
  rests: readonly Rest[]
  /** The series go on below the y axis. */
  cut: boolean
}

const tickFont = '11px "Inter Variable", "Noto Sans CJK SC", sans-serif'

interface Canvas {
  u: uPlot
  ctx: CanvasRenderingContext2D
  colors: ChartColors
  /** Device pixels per CSS pixel. */
  ratio: number
}

function onCanvas(u: uPlot, draw: (canvas: Canvas) => void) {
  u.ctx.save()
  draw({ u, ctx: u.ctx, colors: chartColors(), ratio: devicePixelRatio })
  u.ctx.restore()
}

/** Drawn before the series: tolerance band, paper line, dotted events. */
export function drawMarksBelow(u: uPlot, marks: CurveMarks): void {
  onCanvas(u, (canvas) => {
    const { ctx } = canvas
    ctx.beginPath()
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height)
    ctx.clip()
    if (marks.reference) drawReference(canvas, marks.reference)
    for (const event of marks.events) drawEventLine(canvas, event)
    for (const rest of marks.rests) drawRest(canvas, rest)
  })
}

/** Drawn after the series: words of the events, base line and break mark. */
export function drawMarksAbove(u: uPlot, marks: CurveMarks): void {
  onCanvas(u, (canvas) => {
    drawEventLabels(
      canvas,
      [...marks.events, ...marks.rests].sort((a, b) => a.x - b.x),
    )
    drawBaseline(canvas, marks.cut)
  })
}

function drawReference({ u, ctx, colors, ratio }: Canvas, { value, tolerance }: Reference) {
  const { left, width } = u.bbox
  if (tolerance > 0) {
    const top = u.valToPos(value + tolerance, 'y', true)
    ctx.fillStyle = colors.paperBand
    ctx.fillRect(left, top, width, u.valToPos(value - tolerance, 'y', true) - top)
  }
  const y = Math.round(u.valToPos(value, 'y', true))
  ctx.strokeStyle = colors.paperLine
  ctx.lineWidth = 1.25 * ratio
  ctx.setLineDash([5 * ratio, 4 * ratio])
  strokeLine(ctx, left, y, left + width, y)
}

function drawEventLine({ u, ctx, colors, ratio }: Canvas, { x }: ScheduleEvent) {
  const at = Math.round(u.valToPos(x, 'x', true)) + 0.5
  ctx.strokeStyle = colors.axis
  ctx.lineWidth = ratio
  ctx.setLineDash([2 * ratio, 3 * ratio])
  strokeLine(ctx, at, u.bbox.top, at, u.bbox.top + u.bbox.height)
}

const restWidth = 7
const hatchDistance = 4

/** A hatched strip from top to bottom. */
function drawRest({ u, ctx, colors, ratio }: Canvas, { x }: Rest) {
  const { top, height } = u.bbox
  const width = restWidth * ratio
  const left = u.valToPos(x, 'x', true) - width / 2
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  ctx.fillStyle = colors.surface
  ctx.fillRect(left, top, width, height)
  ctx.strokeStyle = colors.axis
  ctx.lineWidth = ratio
  ctx.setLineDash([])
  for (let y = top; y < top + height + width; y += hatchDistance * ratio)
    strokeLine(ctx, left, y, left + width, y - width)
  strokeLine(ctx, left, top, left, top + height)
  strokeLine(ctx, left + width, top, left + width, top + height)
  ctx.restore()
}

// A word is left out when it would run into the next event or out of the plot.
function drawEventLabels({ u, ctx, colors, ratio }: Canvas, events: readonly ScheduleEvent[]) {
  ctx.font = tickFont.replace('11px', `${11 * ratio}px`)
  ctx.fillStyle = colors.text
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'left'
  const right = u.bbox.left + u.bbox.width
  events.forEach(({ x, label }, index) => {
    const at = u.valToPos(x, 'x', true)
    const next = events[index + 1]
    const end = next ? Math.min(right, u.valToPos(next.x, 'x', true)) : right
    const room = end - at - 8 * ratio
    if (at >= u.bbox.left && ctx.measureText(label).width <= room) {
      ctx.fillText(label, at + 5 * ratio, u.bbox.top + u.bbox.height - 4 * ratio)
    }
  })
}

function drawBaseline({ u, ctx, colors, ratio }: Canvas, cut: boolean) {
  const { left, top, width, height } = u.bbox
  const bottom = top + height
  ctx.setLineDash([])
  ctx.strokeStyle = colors.axis
  ctx.lineWidth = 1.5 * ratio
  strokeLine(ctx, left, bottom, left + width, bottom)
  if (!cut) return
  // Two short slashes across the foot of the axis: it does not start at zero, and lines go on below.
  ctx.strokeStyle = colors.text
  ctx.lineWidth = 1.25 * ratio
  for (const offset of [0, 4]) {
    const x = left + (3 + offset) * ratio
    strokeLine(ctx, x - 2.5 * ratio, bottom + 4 * ratio, x + 2.5 * ratio, bottom - 4 * ratio)
  }
}

function strokeLine(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number) {
  ctx.beginPath()
  ctx.moveTo(x0, y0)
  ctx.lineTo(x1, y1)
  ctx.stroke()
}
