import { Table2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HealthReport, Histogram } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { NumberCell, Table } from '../../../ui/table.tsx'
import styles from './statistics.module.css'

interface HistogramChartProps {
  title: string
  histogram: Histogram
  /** Writes an edge of a bin. */
  edge: (value: number) => string
}

/** Bars of a histogram, or the same figures as a table. */
function HistogramChart({ title, histogram, edge }: HistogramChartProps) {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  const [asTable, setAsTable] = useState(false)
  const { edges, counts } = histogram
  const most = Math.max(1, ...counts)
  const range = (bin: number) => {
    const [from = 0, to = 0] = [edges[bin], edges[bin + 1]]
    return Number.isFinite(to) ? t('range', { from: edge(from), to: edge(to) }) : t('rangeOpen', { from: edge(from) })
  }
  return (
    <div className={styles.histogram}>
      <div className={styles.histogramHead}>
        <h3>{title}</h3>
        <IconButton
          size="small"
          label={t('asTable')}
          aria-pressed={asTable}
          icon={<Table2 size={14} />}
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      {asTable ? (
        <Table dense openEnd>
          <tbody>
            {counts.map((count, bin) => (
              <tr key={edges[bin]}>
                <th scope="row">{range(bin)}</th>
                <NumberCell raw={String(count)}>{numbers.count(count)}</NumberCell>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : (
        <div className={styles.bars} role="img" aria-label={t('histogramLabel', { title })}>
          {counts.map((count, bin) => (
            <span
              key={edges[bin]}
              className={styles.bar}
              title={t('barTitle', { range: range(bin), count: numbers.count(count) })}
            >
              <i style={{ height: count > 0 ? `max(2px, ${(count / most) * 100}%)` : 0 }} />
              <small>{edge(edges[bin] ?? 0)}</small>
            </span>
          ))}
        </div>
      )}
    </div>
  )
}

/** How large and how wide the pictures are. */
export function PictureHistograms({ health }: { health: HealthReport }) {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  if (health.sizes.counts.length === 0) return null
  return (
    <Panel title={t('histograms')}>
      <div className={styles.histograms}>
        <HistogramChart title={t('shorterSide')} histogram={health.sizes} edge={numbers.count} />
        <HistogramChart
          title={t('aspect')}
          histogram={health.aspects}
          edge={(value) => String(Number(value.toFixed(2)))}
        />
      </div>
    </Panel>
  )
}
