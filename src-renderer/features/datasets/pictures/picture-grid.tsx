// The pictures of a filter as a grid of which only the rows on screen are drawn. One tab stop: the grid itself has the
// focus and names its active picture, so that scrolling never loses it.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, PictureItem } from '../../../../src-main/shared/dataset-views.ts'
import { classNames } from '../../../ui/class-names.ts'
import { nextPlace } from './grid-keys.ts'
import { PictureThumbnail } from './picture-thumbnail.tsx'
import styles from './pictures.module.css'

const tile = 112
const gap = 8
const padding = 16
const rowHeight = tile + 22 + gap
/** Browsers draw no element higher than this; Chromium's limit is 2^25 pixels. */
const highest = 33_000_000

export interface PictureGridProps {
  overview: DatasetOverview
  total: number
  item: (place: number) => PictureItem | null
  /** Tells which places are in view. */
  onView: (first: number, last: number) => void
  active: number
  onActive: (place: number) => void
  marks: ReadonlySet<number>
  onMark: (places: readonly number[], marked: boolean) => void
  onOpen: (place: number) => void
  /** Leaves out the marked pictures, or the active one; takes back what is left out. */
  onLeaveOut: () => void
  onClearMarks: () => void
}

/** How many columns fit; follows the width of the scroller. */
function useColumns(scroller: React.RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(6)
  useEffect(() => {
    const node = scroller.current
    if (!node) return
    const measure = () => setColumns(Math.max(1, Math.floor((node.clientWidth - 2 * padding + gap) / (tile + gap))))
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    measure()
    return () => observer.disconnect()
  }, [scroller])
  return columns
}

export function PictureGrid(props: PictureGridProps) {
  const { overview, total, item, onView, active, onActive, marks, onMark, onOpen, onLeaveOut, onClearMarks } = props
  const { t } = useTranslation('pictures')
  const scroller = useRef<HTMLDivElement>(null)
  const gridId = useId()
  const columns = useColumns(scroller)
  const rowCount = Math.min(Math.ceil(total / columns), Math.floor(highest / rowHeight))
  const shown = Math.min(total, rowCount * columns)
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    paddingStart: padding,
    paddingEnd: padding,
  })
  const rows = virtual.getVirtualItems()
  const first = (rows[0]?.index ?? 0) * columns
  const last = Math.min(shown - 1, ((rows.at(-1)?.index ?? 0) + 1) * columns - 1)
  useEffect(() => onView(first, Math.max(first, last)), [first, last, onView])

  const reveal = (place: number) => virtual.scrollToIndex(Math.floor(place / columns), { align: 'auto' })
  useEffect(() => reveal(active), [active, columns])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const rowsInView = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight)
    const next = nextPlace(active, event.key, { total: shown, columns, rowsInView })
    if (next !== null) {
      if (event.shiftKey) {
        const [from, to] = [Math.min(active, next), Math.max(active, next)]
        onMark(
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
          true,
        )
      }
      onActive(next)
    } else if (event.key === 'Enter' || event.key === ' ') onOpen(active)
    else if (event.key === 'x' || event.key === 'X') onMark([active], !isMarked(active))
    else if (event.key === 'Delete') onLeaveOut()
    else if (event.key === 'Escape' && marks.size > 0) onClearMarks()
    else return
    event.preventDefault()
  }
  const isMarked = (place: number) => {
    const known = item(place)
    return known !== null && marks.has(known.picture)
  }
  const cellId = (place: number) => `${gridId}-${place}`

  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of pictures that is drawn in part is no table
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      tabIndex={0}
      aria-label={t('gridLabel', { count: total })}
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-multiselectable
      aria-activedescendant={cellId(active)}
      onKeyDown={onKeyDown}
      data-restore-scroll
    >
      <div className={styles.gridInner} style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => (
          // biome-ignore lint/a11y: rows and cells are reached through the grid's active descendant
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className={styles.gridRow}
            style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, ${tile}px)` }}
          >
            {Array.from({ length: Math.min(columns, shown - row.index * columns) }, (_, column) => {
              const place = row.index * columns + column
              return (
                <Cell
                  key={place}
                  id={cellId(place)}
                  column={column}
                  overview={overview}
                  item={item(place)}
                  active={place === active}
                  marked={isMarked(place)}
                  onPick={(extend) => {
                    if (extend) onMark([place], !isMarked(place))
                    onActive(place)
                    scroller.current?.focus({ preventScroll: true })
                  }}
                  onOpen={() => onOpen(place)}
                />
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

interface CellProps {
  id: string
  column: number
  overview: DatasetOverview
  item: PictureItem | null
  active: boolean
  marked: boolean
  onPick: (extend: boolean) => void
  onOpen: () => void
}

function Cell({ id, column, overview, item, active, marked, onPick, onOpen }: CellProps) {
  const { t } = useTranslation('pictures')
  const className = item ? (overview.classes[item.label]?.name ?? String(item.label)) : ''
  const label = item
    ? [
        item.name,
        className,
        ...(item.problem === null ? [] : [t('unreadable')]),
        ...(item.excluded ? [t('excluded')] : []),
      ].join(', ')
    : t('readingPicture')
  return (
    // biome-ignore lint/a11y: the grid has the focus and handles the keys for its cells
    <div
      id={id}
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={marked}
      aria-label={label}
      title={item?.name}
      className={classNames(
        styles.cell,
        active && styles.active,
        marked && styles.marked,
        item?.excluded && styles.excludedCell,
      )}
      onClick={(event) => onPick(event.ctrlKey || event.metaKey || event.shiftKey)}
      onDoubleClick={onOpen}
    >
      <span className={styles.frame}>
        {item ? (
          <PictureThumbnail key={item.picture} datasetId={overview.id} item={item} side={128} />
        ) : (
          <span className={styles.waiting} />
        )}
        {item?.excluded && <span className={styles.outTag}>{t('out')}</span>}
        {marked && <span className={styles.markTag} aria-hidden />}
      </span>
      <span className={styles.caption}>
        <span>{className}</span>
        {item?.twin && <small>{item.twin.score.toFixed(2)}</small>}
      </span>
    </div>
  )
}
