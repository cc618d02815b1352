// One chart of curves against the paper: crosshair, tooltip, zoom and keyboard around a plot that lives outside React.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import 'uplot/dist/uPlot.min.css'
import styles from './curve-chart.module.css'
import type { Reference, Rest, ScheduleEvent } from './curve-marks.ts'
import { type CurvePlot, type CurvePlotData, createCurvePlot } from './curve-plot.ts'
import { type CurveSeries, extentOf, nearestIndex, valuesAt } from './curve-series.ts'
import { CurveTooltip } from './curve-tooltip.tsx'
import { logRange, niceRange } from './value-range.ts'

export interface CurveChartProps {
  /** One line that says what the chart shows. */
  summary: string
  /** Words of the keys, read after the summary. */
  keysHint: string
  series: readonly CurveSeries[]
  /** Grows when the columns of `series` hold new values. */
  version: number
  /** Full range of the x axis. */
  xRange: readonly [number, number]
  /** Range of the y axis to begin with; all values when left out. */
  yRange?: readonly [number, number] | undefined
  log?: boolean | undefined
  reference?: Reference | null | undefined
  referenceTag?: { figure: string; tolerance: string } | null | undefined
  events?: readonly ScheduleEvent[] | undefined
  rests?: readonly Rest[] | undefined
  formatX: (value: number, tickDistance: number) => string
  /** Allowed distances of ticks on the x axis, ascending; round decimals when left out. */
  xSteps?: readonly number[] | undefined
  formatY: (value: number, tickDistance: number) => string
  /** The value in full, for the tooltip. */
  formatValue: (value: number) => string
  /** The value on the tag of a newest point, where the axis already names the unit. */
  formatTag?: ((value: number) => string) | undefined
  /** The position in full, for the tooltip. */
  formatPosition: (value: number) => string
  syncKey?: string | null | undefined
  rightSpace?: number | undefined
  /** Charts with a name keep their zoom when the reader leaves and comes back. */
  name?: string | undefined
}

interface View {
  /** Part of the x axis, or null for all of it. */
  zoom: readonly [number, number] | null
  /** All values on the y axis, not only the part that decides. */
  showAll: boolean
}

const wholeView: View = { zoom: null, showAll: false }
const keptViews = new Map<string, View>()

const noEvents: readonly ScheduleEvent[] = []
const noRests: readonly Rest[] = []

/** All of the curves and the paper, ended on whole ticks. */
function fullRange(series: readonly CurveSeries[], reference: Reference | null, log: boolean): [number, number] {
  const known = extentOf([...series.map(({ y }) => (log ? Array.from(y).filter((v) => v > 0) : y))])
  const paper = reference ? [reference.value - reference.tolerance, reference.value + reference.tolerance] : []
  const extent = extentOf([known ?? [], paper]) ?? (log ? [0.1, 1] : [0, 1])
  return log ? logRange(extent) : niceRange(extent)
}

export function CurveChart(props: CurveChartProps) {
  const { series, version, xRange, log = false, reference = null, events = noEvents, rests = noRests } = props
  const root = useRef<HTMLDivElement>(null)
  const plot = useRef<CurvePlot | null>(null)
  const keysId = useId()
  const [view, setView] = useState(() => keptViews.get(props.name ?? '') ?? wholeView)
  const { zoom, showAll } = view
  const [cursor, setCursor] = useState<{ x: number; left: number } | null>(null)
  const [picked, setPicked] = useState<number | null>(null)

  const data = useMemo<CurvePlotData>(() => {
    const full = fullRange(series, reference, log)
    const yRange = showAll || !props.yRange ? full : log ? logRange([...props.yRange]) : props.yRange
    return {
      series,
      xRange: zoom ?? xRange,
      yRange,
      reference,
      referenceTag: props.referenceTag ?? null,
      events,
      rests,
      cut: !log && full[0] < yRange[0],
    }
    // `version` stands for the contents of the columns.
  }, [series, version, xRange, props.yRange, log, reference, props.referenceTag, events, rests, zoom, showAll])

  // uPlot keeps its series for life, so another set of lines or another kind of axis makes another plot.
  const shapeKey = [
    log,
    props.rightSpace,
    props.syncKey,
    props.xSteps?.length,
    ...series.map((s) => `${s.id} ${s.look} ${s.color}`),
  ].join('|')
  const latest = useRef({ props, data })
  latest.current = { props, data }
  useEffect(() => {
    if (!root.current) return
    const now = () => latest.current.props
    const made = createCurvePlot(
      root.current,
      {
        log,
        formatX: (value, distance) => now().formatX(value, distance),
        formatY: (value, distance) => now().formatY(value, distance),
        formatTag: (value) => (now().formatTag ?? now().formatValue)(value),
        syncKey: now().syncKey ?? null,
        rightSpace: now().rightSpace ?? 14,
        xSteps: now().xSteps ?? null,
      },
      latest.current.data,
      {
        onCursor: (x, left) => setCursor(x === null ? null : { x, left }),
        onZoom: (range) => setView((before) => ({ ...before, zoom: range })),
        onDoubleClick: () => setView((before) => ({ zoom: null, showAll: !before.showAll })),
      },
    )
    plot.current = made
    return () => {
      made.destroy()
      plot.current = null
    }
  }, [shapeKey, log])
  useEffect(() => plot.current?.setData(data), [data])
  useEffect(() => {
    if (props.name) keptViews.set(props.name, view)
  }, [props.name, view])

  const readable = series.filter(({ smoothed, x }) => !smoothed && x.length > 0)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const active = readable[(picked ?? readable.length - 1) % Math.max(1, readable.length)]
    if (!active) return
    const { x } = active
    const at = cursor ? nearestIndex(x, cursor.x) : x.length - 1
    const jump = event.shiftKey ? 10 : 1
    const moves: Record<string, () => void> = {
      ArrowLeft: () => plot.current?.setCursor(x[Math.max(0, at - jump)] as number),
      ArrowRight: () => plot.current?.setCursor(x[Math.min(x.length - 1, at + jump)] as number),
      Home: () => plot.current?.setCursor(x[0] as number),
      End: () => plot.current?.setCursor(x[x.length - 1] as number),
      ArrowDown: () => setPicked((index) => ((index ?? -1) + 1) % readable.length),
      ArrowUp: () => setPicked((index) => ((index ?? 0) + readable.length - 1) % readable.length),
      '0': () => setView(wholeView),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }

  const values = cursor ? valuesAt(series, cursor.x) : []
  const spoken = cursor
    ? [props.formatPosition(cursor.x), ...values.map((v) => `${v.label} ${props.formatValue(v.value)}`)].join(', ')
    : props.summary
  return (
    <div
      className={styles.chart}
      role="slider"
      aria-valuemin={data.xRange[0]}
      aria-valuemax={data.xRange[1]}
      aria-valuenow={cursor?.x ?? data.xRange[1]}
      aria-valuetext={spoken}
      aria-label={props.summary}
      aria-describedby={keysId}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => plot.current?.setCursor(null)}
    >
      <span id={keysId} hidden>
        {props.keysHint}
      </span>
      <div ref={root} className={styles.plot} />
      {cursor && values.length > 0 && (
        <CurveTooltip
          position={props.formatPosition(cursor.x)}
          left={cursor.left}
          toLeft={cursor.left > (root.current?.clientWidth ?? 0) / 2}
          values={values}
          pickedId={picked === null ? null : (readable[picked % readable.length]?.id ?? null)}
          format={props.formatValue}
        />
      )}
    </div>
  )
}
