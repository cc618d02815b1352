// The pictures of a data set: filters above, classes beside, the grid, and one picture large.
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, PictureFilter } from '../../../../src-main/shared/dataset-views.ts'
import { ErrorReportBanner } from '../../../frame/error-report-banner.tsx'
import { navigate, useLocation } from '../../../router/router.ts'
import { useDatasetOverviewsStore } from '../../../stores/dataset-overviews-store.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { PageFoot } from '../../../ui/panel.tsx'
import { excludePictures } from '../dataset-actions.ts'
import { ClassBrowser } from './class-browser.tsx'
import { parsePictureFilter, picturesAddress } from './picture-filter-address.ts'
import { PictureFilters, withFilter } from './picture-filters.tsx'
import { PictureGrid } from './picture-grid.tsx'
import { usePictureList } from './picture-pages.ts'
import { PictureZoom } from './picture-zoom.tsx'
import styles from './pictures.module.css'

const waitingTiles = Array.from({ length: 24 }, (_, tile) => tile)

export function PicturesTab({ overview }: { overview: DatasetOverview }) {
  const { search } = useLocation()
  const query = search.toString()
  const filter = useMemo(() => parsePictureFilter(new URLSearchParams(query)), [query])
  const setFilter = useCallback(
    (next: PictureFilter) => navigate(picturesAddress(overview.id, next), { replace: true }),
    [overview.id],
  )
  return (
    <div className={styles.tab}>
      <PictureFilters overview={overview} filter={filter} onChange={setFilter} />
      <div className={styles.columns}>
        <ClassBrowser
          classes={overview.classes}
          filter={filter}
          onChoose={(label) => setFilter(withFilter(filter, { label }))}
        />
        {/* Another filter is another list: its marks and its place begin anew. */}
        <FilteredPictures
          key={JSON.stringify(filter)}
          overview={overview}
          filter={filter}
          onClear={() => setFilter({})}
        />
      </div>
    </div>
  )
}

interface FilteredPicturesProps {
  overview: DatasetOverview
  filter: PictureFilter
  onClear: () => void
}

function FilteredPictures({ overview, filter, onClear }: FilteredPicturesProps) {
  const { t } = useTranslation('pictures')
  const { id } = overview
  const version = useDatasetOverviewsStore((state) => state.pictureVersions[id] ?? 0)
  const { total, error, item, want } = usePictureList(id, filter, version)
  const [place, setPlace] = useState(0)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  // Numbers of pictures, and whether each was left out when it was marked.
  const [marks, setMarks] = useState<ReadonlyMap<number, boolean>>(new Map())
  const marked = useMemo(() => new Set(marks.keys()), [marks])
  const active = Math.max(0, Math.min(place, (total ?? 1) - 1))
  const current = item(active)

  const mark = (places: readonly number[], on: boolean) =>
    setMarks((before) => {
      const next = new Map(before)
      for (const one of places) {
        const known = item(one)
        if (!known) continue
        if (on) next.set(known.picture, known.excluded)
        else next.delete(known.picture)
      }
      return next
    })
  const exclude = async (pictures: number[], excluded: boolean) => {
    if (pictures.length === 0 || busy) return
    setBusy(true)
    await excludePictures({ id, pictures, excluded }, pictures.length)
    setBusy(false)
    setMarks(new Map())
  }
  const markedAs = (excluded: boolean) => [...marks].flatMap(([picture, out]) => (out === excluded ? [picture] : []))
  const leaveOut = () => {
    if (marks.size > 0) {
      const inside = markedAs(false)
      void (inside.length > 0 ? exclude(inside, true) : exclude(markedAs(true), false))
    } else if (current) void exclude([current.picture], !current.excluded)
  }

  return (
    <div className={styles.main}>
      {error && <ErrorReportBanner report={error} />}
      {total === null && !error && (
        <output className={styles.waitingGrid} aria-label={t('readingPictures')}>
          {waitingTiles.map((tile) => (
            <span key={tile} className={styles.waiting} />
          ))}
        </output>
      )}
      {total === 0 && (
        <div className={styles.none}>
          <EmptyState title={t('none')} actions={<Button onClick={onClear}>{t('clearFilter')}</Button>}>
            {t('noneText')}
          </EmptyState>
        </div>
      )}
      {total !== null && total > 0 && (
        <PictureGrid
          overview={overview}
          total={total}
          item={item}
          onView={want}
          active={active}
          onActive={setPlace}
          marks={marked}
          onMark={mark}
          onOpen={(at) => {
            setPlace(at)
            setOpen(true)
          }}
          onLeaveOut={leaveOut}
          onClearMarks={() => setMarks(new Map())}
        />
      )}
      <PageFoot selection={marks.size > 0}>
        {marks.size > 0 ? (
          <>
            <b>{t('marked', { count: marks.size })}</b>
            {markedAs(false).length > 0 && (
              <Button size="small" keys="Del" busy={busy} onClick={() => void exclude(markedAs(false), true)}>
                {t('leaveOut')}
              </Button>
            )}
            {markedAs(true).length > 0 && (
              <Button size="small" busy={busy} onClick={() => void exclude(markedAs(true), false)}>
                {t('takeBack')}
              </Button>
            )}
            <Button size="small" variant="ghost" keys="Esc" onClick={() => setMarks(new Map())}>
              {t('clearMarks')}
            </Button>
          </>
        ) : (
          <span className={styles.keys}>
            {total !== null && <b>{t('count', { count: total })}</b>}
            {t('keys')}
          </span>
        )}
      </PageFoot>
      <PictureZoom
        overview={overview}
        item={open ? current : null}
        place={open ? active : null}
        total={total ?? 0}
        onMove={(by) => setPlace(Math.max(0, Math.min((total ?? 1) - 1, active + by)))}
        onClose={() => setOpen(false)}
        marked={current !== null && marked.has(current.picture)}
        onMark={() => current && mark([active], !marked.has(current.picture))}
      />
    </div>
  )
}
