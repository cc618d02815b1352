import { ChevronLeft, ChevronRight, Minus, Plus, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, PictureItem } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { missing } from '../../../i18n/numbers.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { LargeDialog } from '../../../ui/dialog.tsx'
import { KeyValues } from '../../../ui/panel.tsx'
import { excludePictures } from '../dataset-actions.ts'
import { isTiny, pictureAddress } from './picture-thumbnail.tsx'
import styles from './pictures.module.css'

export interface PictureZoomProps {
  overview: DatasetOverview
  /** Null closes it, or shows nothing while the picture's facts are read. */
  item: PictureItem | null
  /** Place in the list it comes from, from 0; null while closed. */
  place: number | null
  total: number
  onMove: (by: number) => void
  onClose: () => void
  marked?: boolean
  onMark?: () => void
}

const largestZoom = 16

/** One picture, large, with what is known of it. Arrows move, + and - zoom, X marks, Del leaves out. */
export function PictureZoom(props: PictureZoomProps) {
  const { overview, item, place, total, onMove, onClose, marked, onMark } = props
  const { t } = useTranslation('pictures')
  const numbers = useNumbers()
  // 1 fits the picture into the window.
  const [zoom, setZoom] = useState(1)
  useEffect(() => {
    if (item) setZoom(1)
  }, [item?.picture])

  // The middle stays in the middle.
  const stage = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = stage
    if (current && zoom > 1) {
      current.scrollTo(
        (current.scrollWidth - current.clientWidth) / 2,
        (current.scrollHeight - current.clientHeight) / 2,
      )
    }
  }, [zoom])

  const leaveOut = () =>
    item && void excludePictures({ id: overview.id, pictures: [item.picture], excluded: !item.excluded }, 1)
  const change = (factor: number) => setZoom((now) => Math.max(1, Math.min(largestZoom, now * factor)))
  const actions: Record<string, () => void> = {
    ArrowLeft: () => onMove(-1),
    ArrowUp: () => onMove(-1),
    ArrowRight: () => onMove(1),
    ArrowDown: () => onMove(1),
    '+': () => change(2),
    '=': () => change(2),
    '-': () => change(0.5),
    '0': () => setZoom(1),
    ' ': onClose,
    x: () => onMark?.(),
    Delete: leaveOut,
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // A focused button takes its own Space.
    if (event.key === ' ' && event.target instanceof HTMLButtonElement) return
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }

  return (
    <LargeDialog open={place !== null} onClose={onClose} label={t('zoomLabel')} onKeyDown={onKeyDown}>
      <div className={styles.zoomBar}>
        <IconButton
          label={t('previous')}
          keys="←"
          icon={<ChevronLeft size={16} />}
          disabled={place === 0}
          onClick={() => onMove(-1)}
        />
        <IconButton
          label={t('next')}
          keys="→"
          icon={<ChevronRight size={16} />}
          disabled={place === total - 1}
          onClick={() => onMove(1)}
        />
        <span className={styles.zoomPlace}>
          {place !== null && t('placeOf', { place: numbers.count(place + 1), total: numbers.count(total) })}
        </span>
        <IconButton label={t('zoomOut')} keys="−" icon={<Minus size={16} />} onClick={() => change(0.5)} />
        <span className={styles.zoomFactor}>{zoom === 1 ? t('fitted') : `${zoom} ×`}</span>
        <IconButton label={t('zoomIn')} keys="+" icon={<Plus size={16} />} onClick={() => change(2)} />
        <IconButton label={t('closeZoom')} keys="Esc" icon={<X size={16} />} onClick={onClose} />
      </div>
      <div className={styles.zoomColumns}>
        <div ref={stage} className={styles.stage}>
          {item && <WholePicture key={item.picture} datasetId={overview.id} item={item} zoom={zoom} />}
        </div>
        <div className={styles.facts}>
          {item && (
            <>
              <PictureFacts overview={overview} item={item} />
              <div className={styles.factActions}>
                <Button size="small" keys="Del" onClick={leaveOut}>
                  {t(item.excluded ? 'takeBack' : 'leaveOut')}
                </Button>
                {onMark && (
                  <Button size="small" keys="X" aria-pressed={marked} onClick={onMark}>
                    {t(marked ? 'unmark' : 'mark')}
                  </Button>
                )}
              </div>
            </>
          )}
        </div>
      </div>
    </LargeDialog>
  )
}

function WholePicture({ datasetId, item, zoom }: { datasetId: string; item: PictureItem; zoom: number }) {
  const { t } = useTranslation('pictures')
  const [failed, setFailed] = useState(false)
  if (item.problem !== null || failed) return <p className={styles.stageProblem}>{item.problem ?? t('notShown')}</p>
  return (
    <div className={styles.stageInner} style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}>
      <img
        className={classNames(styles.whole, isTiny(item) && styles.pixelated)}
        src={pictureAddress(datasetId, item.picture, 0)}
        alt={item.name}
        onError={() => setFailed(true)}
      />
    </div>
  )
}

function PictureFacts({ overview, item }: { overview: DatasetOverview; item: PictureItem }) {
  const { t } = useTranslation('pictures')
  const numbers = useNumbers()
  const className = (label: number) => overview.classes[label]?.name ?? String(label)
  const part = (name: PictureItem['part']) => t(`parts.${name ?? 'none'}`)
  const { twin, width, height } = item
  return (
    <>
      <h2 className={styles.factName}>{item.name}</h2>
      {item.excluded && <Badge tone="muted">{t('excluded')}</Badge>}
      {item.problem !== null && <Badge tone="danger">{t('unreadable')}</Badge>}
      <KeyValues
        entries={[
          [t('class'), <b key="class">{className(item.label)}</b>],
          [t('part'), part(item.part)],
          [t('size'), width > 0 ? `${numbers.count(width)} × ${numbers.count(height)}` : missing],
          ...(item.format === null ? [] : [[t('format'), item.format.toUpperCase()] as const]),
          ...(item.bytes > 0 ? [[t('bytes'), numbers.bytes(item.bytes)] as const] : []),
          [t('number'), numbers.count(item.picture)],
          ...(item.problem === null ? [] : [[t('problem'), item.problem] as const]),
        ]}
      />
      {twin && (
        <div className={styles.twin}>
          <h3>{t(twin.score >= 1 ? 'copy' : 'nearCopy')}</h3>
          <img
            className={classNames(styles.twinPicture, isTiny(item) && styles.pixelated)}
            src={pictureAddress(overview.id, twin.picture, 192)}
            alt={twin.name}
          />
          <KeyValues
            entries={[
              [t('name'), twin.name],
              [t('class'), className(twin.label)],
              [t('part'), part(twin.part)],
              [t('alike'), twin.score.toFixed(3)],
            ]}
          />
        </div>
      )}
    </>
  )
}
