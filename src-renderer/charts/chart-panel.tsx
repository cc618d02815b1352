// A chart with its frame: title, legend, options, table twin and full screen.
import { ChartSpline, Copy, Maximize2, Minimize2, SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Menu } from '../ui/menu.tsx'
import { showToast } from '../ui/toast.tsx'
import styles from './chart-panel.module.css'
import { ChartTable, tableText } from './chart-table.tsx'
import { CurveChart, type CurveChartProps } from './curve-chart.tsx'
import type { CurveSeries } from './curve-series.ts'
import { LineSample } from './line-sample.tsx'

export interface ChartPanelProps extends Omit<CurveChartProps, 'keysHint'> {
  title: string
  /** Quiet words in place of a legend. */
  note?: ReactNode
  /** Choices beside the legend, such as the unit of the x axis. */
  controls?: ReactNode
  /** Head of the first column of the table twin. */
  positionLabel: string
  /** Entries of the legend; every series when left out. */
  legend?: readonly Pick<CurveSeries, 'id' | 'label' | 'color' | 'look'>[]
  smoothing?: { on: boolean; onChange: (on: boolean) => void } | undefined
  /** Shown in place of the chart while there is nothing to draw. */
  empty?: ReactNode
  /** Smaller head, for charts inside a form. */
  small?: boolean
}

export function ChartPanel(props: ChartPanelProps) {
  const { title, note, controls, positionLabel, legend, smoothing, empty, small, ...chart } = props
  const { t } = useTranslation(['charts', 'sharedWords'])
  const [log, setLog] = useState(chart.log ?? false)
  const [table, setTable] = useState(false)
  const [full, setFull] = useState(false)
  const entries = legend ?? chart.series.filter(({ look, x }) => look !== 'raw' && x.length > 0)

  const copy = async () => {
    await navigator.clipboard.writeText(tableText(positionLabel, chart.series))
    showToast({ title: t('sharedWords:copied') })
  }
  const keys: Record<string, () => void> = {
    l: () => setLog(!log),
    s: () => smoothing?.onChange(!smoothing.on),
    t: () => setTable(!table),
    f: () => setFull(!full),
    ...(full ? { escape: () => setFull(false) } : {}),
  }
  // Keys work from the chart and from the table alike, so they are caught on their way up.
  const panel = useRef<HTMLElement>(null)
  const latestKeys = useRef(keys)
  latestKeys.current = keys
  useEffect(() => {
    const node = panel.current
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return
      const action = latestKeys.current[event.key.toLowerCase()]
      if (!action) return
      event.preventDefault()
      event.stopPropagation()
      action()
    }
    node?.addEventListener('keydown', onKeyDown)
    return () => node?.removeEventListener('keydown', onKeyDown)
  }, [])

  return (
    <section ref={panel} className={classNames(styles.panel, full && styles.full, small && styles.small)}>
      <div className={styles.head}>
        <h2>{title}</h2>
        {note && <span className={styles.note}>{note}</span>}
        <span className={styles.space} />
        {entries.length > 1 && (
          <ul className={styles.legend}>
            {entries.map((entry) => (
              <li key={entry.id}>
                <LineSample color={entry.color} look={entry.look} />
                {entry.label}
              </li>
            ))}
          </ul>
        )}
        {controls}
        <span className={styles.tools}>
          <Menu
            align="end"
            trigger={<IconButton size="small" label={t('options')} icon={<SlidersHorizontal size={14} />} />}
            entries={[
              { label: t('logAxis'), keys: 'L', checked: log, onSelect: () => setLog(!log) },
              ...(smoothing
                ? [
                    {
                      label: t('smoothing'),
                      keys: 'S',
                      checked: smoothing.on,
                      onSelect: () => smoothing.onChange(!smoothing.on),
                    },
                  ]
                : []),
              { label: t('asTable'), keys: 'T', checked: table, onSelect: () => setTable(!table) },
              { separator: 'copy' },
              { label: t('copyTable'), icon: <Copy size={14} />, onSelect: () => void copy() },
            ]}
          />
          {table && (
            <IconButton size="small" label={title} icon={<ChartSpline size={14} />} onClick={() => setTable(false)} />
          )}
          {!small && (
            <IconButton
              size="small"
              label={full ? t('leaveFullScreen') : t('fullScreen')}
              keys="F"
              icon={full ? <Minimize2 size={14} /> : <Maximize2 size={14} />}
              onClick={() => setFull(!full)}
            />
          )}
        </span>
      </div>
      <div className={styles.body}>
        {empty ? (
          <div className={styles.empty}>{empty}</div>
        ) : table ? (
          <ChartTable
            series={chart.series}
            version={chart.version}
            positionLabel={positionLabel}
            formatPosition={chart.formatPosition}
            formatValue={chart.formatValue}
            sortLabel={(column) => t('sortBy', { column })}
          />
        ) : (
          <CurveChart {...chart} log={log} keysHint={t('keysHint')} />
        )}
      </div>
    </section>
  )
}
