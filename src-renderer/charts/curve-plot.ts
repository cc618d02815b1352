// A uPlot chart that lives outside React: made once per shape, redrawn when its data change, recoloured with the theme.
import uPlot from 'uplot'
import { isPowerOfTen } from './axis-format.ts'
import { chartColors, onChartColorsChange } from './chart-colors.ts'
import { type CurveMarks, drawMarksAbove, drawMarksBelow } from './curve-marks.ts'
import { alignSeries, type CurveSeries } from './curve-series.ts'
import { createCurveTags } from './curve-tags.ts'

export interface CurvePlotData extends CurveMarks {
  series: readonly CurveSeries[]
  xRange: readonly [number, number]
  yRange: readonly [number, number]
  /** Words of the paper's tag and of the line below it; null without a paper. */
  referenceTag: { figure: string; tolerance: string } | null
}

/** What cannot change without making the plot anew. */
export interface CurvePlotShape {
  log: boolean
  formatX(value: number, tickDistance: number): string
  formatY(value: number, tickDistance: number): string
  /** Text of the tag at the newest point. */
  formatTag(value: number): string
  /** Charts with the same key share their crosshair. */
  syncKey: string | null
  /** Allowed distances of ticks on the x axis, or null for round decimals. */
  xSteps: readonly number[] | null
  /** CSS pixels kept free on the right, for tags. */
  rightSpace: number
}

export interface CurvePlotEvents {
  onCursor(x: number | null, left: number): void
  onZoom(range: [number, number]): void
  onDoubleClick(): void
}

export interface CurvePlot {
  setData(data: CurvePlotData): void
  /** Puts the crosshair at an x value, or takes it away. */
  setCursor(x: number | null): void
  destroy(): void
}

const lineWidth = { main: 2.25, fine: 1.5, other: 1.25, raw: 1, paper: 1.25 } as const

function seriesOptions(series: CurveSeries, hasOnePoint: () => boolean): uPlot.Series {
  const color = () => (series.look === 'paper' ? chartColors().paperLine : chartColors().series(series.color))
  return {
    label: series.label,
    stroke: color,
    width: lineWidth[series.look],
    alpha: series.look === 'other' ? 0.42 : series.look === 'raw' ? chartColors().rawOpacity : 1,
    spanGaps: true,
    // Aligned points would make slow curves bumpy.
    pxAlign: 0,
    // A lone first point has no line yet, so it is drawn as a dot.
    points: { show: hasOnePoint, size: 6, fill: color },
    ...(series.look === 'paper' ? { dash: [5, 4] } : {}),
  }
}

const tickDistance = (splits: readonly number[]) =>
  splits.length > 1 ? Math.abs((splits[1] as number) - (splits[0] as number)) : 1

const onlyPowers = (_: uPlot, splits: number[]) => splits.map((value) => (isPowerOfTen(value) ? value : null))

function axes(shape: CurvePlotShape): uPlot.Axis[] {
  const font = `11px ${getComputedStyle(document.documentElement).getPropertyValue('--font-ui')}`
  const text = () => chartColors().text
  return [
    {
      stroke: text,
      font,
      size: 26,
      gap: 6,
      space: 72,
      ...(shape.xSteps ? { incrs: [...shape.xSteps] } : {}),
      grid: { show: false },
      ticks: { show: false },
      values: (_, splits) => splits.map((value) => shape.formatX(value, tickDistance(splits))),
    },
    {
      stroke: text,
      font,
      size: 40,
      gap: 8,
      // At most about nine lines, however tall the chart.
      space: (_self, _axis, _min, _max, height) => Math.max(30, height / 9),
      grid: { stroke: () => chartColors().grid, width: 1, ...(shape.log ? { filter: onlyPowers } : {}) },
      ticks: { show: false },
      ...(shape.log ? { filter: onlyPowers } : {}),
      values: (_, splits) => splits.map((value) => (value === null ? '' : shape.formatY(value, tickDistance(splits)))),
    },
  ]
}

/** Draws `first` into `root` and fills it; `events` report the crosshair, drags along x and double clicks. */
export function createCurvePlot(
  root: HTMLElement,
  shape: CurvePlotShape,
  first: CurvePlotData,
  events: CurvePlotEvents,
): CurvePlot {
  let data = first
  const tags = createCurveTags(shape.formatTag)
  const usable = shape.log ? (value: number) => value > 0 && Number.isFinite(value) : Number.isFinite
  const columns = () => alignSeries(data.series, usable) as uPlot.AlignedData
  const u = new uPlot(
    {
      width: Math.max(80, root.clientWidth),
      height: Math.max(60, root.clientHeight),
      legend: { show: false },
      padding: [14, shape.rightSpace, 0, 0],
      scales: {
        x: { time: false, auto: false, range: (_, min, max) => [min, max] },
        y: { auto: false, range: (_, min, max) => [min, max], ...(shape.log ? { distr: 3 } : {}) },
      },
      axes: axes(shape),
      series: [
        {},
        ...data.series.map((series, index) => seriesOptions(series, () => data.series[index]?.x.length === 1)),
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            events.onDoubleClick()
            return null
          },
        },
        ...(shape.syncKey ? { sync: { key: shape.syncKey, setSeries: false, scales: ['x', null] } } : {}),
      },
      hooks: {
        drawAxes: [(self) => drawMarksBelow(self, data)],
        draw: [
          (self) => {
            drawMarksAbove(self, data)
            tags.place(self, data)
          },
        ],
        setCursor: [
          (self) => {
            const left = self.cursor.left ?? -1
            events.onCursor(left < 0 ? null : self.posToVal(left, 'x'), left)
          },
        ],
        setSelect: [
          (self) => {
            if (self.select.width < 4) return
            const { left, width } = self.select
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            events.onZoom([self.posToVal(left, 'x'), self.posToVal(left + width, 'x')])
          },
        ],
        ready: [(self) => self.over.append(tags.root)],
      },
    },
    columns(),
    root,
  )
  const setScales = () => {
    u.setScale('x', { min: data.xRange[0], max: data.xRange[1] })
    u.setScale('y', { min: data.yRange[0], max: data.yRange[1] })
  }
  u.batch(setScales)
  const stopColors = onChartColorsChange(() => u.redraw())
  const resize = new ResizeObserver(() => {
    if (root.clientWidth > 0 && root.clientHeight > 0) {
      u.setSize({ width: root.clientWidth, height: root.clientHeight })
    }
  })
  resize.observe(root)
  return {
    setData(next) {
      data = next
      u.batch(() => {
        u.setData(columns(), false)
        setScales()
      })
    },
    setCursor(x) {
      if (x === null) u.setCursor({ left: -10, top: -10 })
      else u.setCursor({ left: u.valToPos(x, 'x'), top: u.over.clientHeight / 2 })
    },
    destroy() {
      resize.disconnect()
      stopColors()
      u.destroy()
    },
  }
}
