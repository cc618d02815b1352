import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, Finding, PictureItem, PicturePage } from '../../../../src-main/shared/dataset-views.ts'
import { type ErrorReport, toErrorReport } from '../../../../src-main/shared/errors.ts'
import { engineClient } from '../../../client/current-client.ts'
import { ErrorReportBanner } from '../../../frame/error-report-banner.tsx'
import { useNumbers } from '../../../i18n/i18n.ts'
import { useDatasetOverviewsStore } from '../../../stores/dataset-overviews-store.ts'
import { ButtonLink } from '../../../ui/button.tsx'
import { Skeleton } from '../../../ui/empty-state.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { picturesAddress } from '../pictures/picture-filter-address.ts'
import { PictureThumbnail } from '../pictures/picture-thumbnail.tsx'
import { PictureZoom } from '../pictures/picture-zoom.tsx'
import { useFindingWords } from './finding-words.ts'
import styles from './findings.module.css'

const shown = 24

/** The first pictures of a finding; those about pairs side by side, most alike first. */
export function FindingPictures({ overview, finding }: { overview: DatasetOverview; finding: Finding }) {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  const words = useFindingWords()(finding)
  const { id } = overview
  const { kind } = finding
  const version = useDatasetOverviewsStore((state) => state.pictureVersions[id])
  const [page, setPage] = useState<PicturePage | null>(null)
  const [error, setError] = useState<ErrorReport | null>(null)
  const [open, setOpen] = useState<number | null>(null)
  useEffect(() => {
    let current = true
    const read = async () => {
      try {
        const next = await engineClient().datasets.pictures(id, { finding: kind }, 0, shown)
        if (!current) return
        setPage(next)
        setError(null)
      } catch (thrown) {
        if (current) setError(toErrorReport(thrown))
      }
    }
    void read()
    return () => {
      current = false
    }
  }, [id, kind, version])

  const pairs = page?.items.some(({ twin }) => twin !== null) ?? false
  const note =
    page &&
    t(pairs ? 'shownPairs' : 'shownOf', {
      shown: numbers.count(Math.min(shown, page.items.length)),
      total: numbers.count(page.total),
    })
  return (
    <Panel
      title={words.title}
      note={note}
      actions={
        <ButtonLink size="small" href={picturesAddress(id, { finding: kind })}>
          {t('showAll')}
        </ButtonLink>
      }
    >
      {error && <ErrorReportBanner report={error} inline />}
      {!page && !error && <Skeleton lines={3} words={t('readingPictures')} />}
      {page && (
        <ul className={pairs ? styles.pairs : styles.singles}>
          {page.items.map((item, index) => (
            <li key={`${item.picture} ${item.twin?.picture ?? ''}`}>
              <button type="button" className={styles.pair} title={item.name} onClick={() => setOpen(index)}>
                <span className={styles.thumbs}>
                  <PictureThumbnail datasetId={id} item={item} side={96} />
                  {item.twin && <PictureThumbnail datasetId={id} item={twinItem(item, item.twin)} side={96} />}
                </span>
                <PairWords overview={overview} item={item} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <PictureZoom
        overview={overview}
        item={open === null ? null : (page?.items[open] ?? null)}
        place={open}
        total={page?.items.length ?? 0}
        onMove={(by) =>
          setOpen((at) => (at === null ? null : Math.max(0, Math.min((page?.items.length ?? 1) - 1, at + by))))
        }
        onClose={() => setOpen(null)}
      />
    </Panel>
  )
}

/** The twin as a picture of its own; of it only name, class and part are known. */
function twinItem(item: PictureItem, twin: NonNullable<PictureItem['twin']>): PictureItem {
  return { ...item, ...twin, problem: null, twin: null }
}

function PairWords({ overview, item }: { overview: DatasetOverview; item: PictureItem }) {
  const { t } = useTranslation('health')
  const className = (label: number) => overview.classes[label]?.name ?? String(label)
  const part = (name: PictureItem['part']) => t(name === null ? 'noPart' : name)
  const { twin } = item
  if (!twin) {
    return (
      <span className={styles.pairWords}>
        <span>{className(item.label)}</span>
        <span>{item.excluded ? t('out') : part(item.part)}</span>
      </span>
    )
  }
  const left = twin.label === item.label ? part(item.part) : className(item.label)
  const right = twin.label === item.label ? part(twin.part) : className(twin.label)
  return (
    <span className={styles.pairWords}>
      <span>{item.excluded ? t('outPair', { left, right }) : t('pair', { left, right })}</span>
      <span>{twin.score.toFixed(3)}</span>
    </span>
  )
}
