// Runs that were moved to the bin: what each frees, when it is deleted by itself, and the way back.
import { RotateCcw, Trash2, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { type BinnedRun, refreshBin, useStorageStore } from '../../stores/storage-store.ts'
import text from '../../styles/text.module.css'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Page, PageBody, PageFoot, PageHead } from '../../ui/panel.tsx'
import { useRowFocus } from '../../ui/row-focus.ts'
import { HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import { EmptyBin } from '../storage/empty-bin.tsx'
import { RunStatusBadge } from '../verdict/run-status-badge.tsx'
import { deleteForGood, restoreFromBin } from './bin-actions.ts'
import styles from './runs.module.css'
import { RunsTabs } from './runs-tabs.tsx'

const bytesOf = (runs: readonly BinnedRun[]) => runs.reduce((sum, { entry }) => sum + entry.bytes, 0)

function BinTable(props: {
  bin: readonly BinnedRun[]
  marked: ReadonlySet<string>
  onMark: (ids: readonly string[], on: boolean) => void
  onDelete: (runs: readonly BinnedRun[]) => void
}) {
  const { bin, marked, onMark, onDelete } = props
  const { t } = useTranslation('runs')
  const numbers = useNumbers()
  const recipes = useEngineStore((state) => state.recipes)
  const ids = bin.map(({ run }) => run.id)
  const titleOf = (id: string) => recipes?.find(({ recipe }) => recipe.id === id)?.recipe.title ?? id
  const meant = (id: string) => bin.filter(({ run }) => (marked.size > 0 ? marked.has(run.id) : run.id === id))
  const { tabIndexOf, onKeyDown } = useRowFocus(ids, null, {
    onMove: (id, extend) => extend && onMark([id], true),
    onKey: (event, id) => {
      if (event.key === 'x' || event.key === 'X') onMark([id], !marked.has(id))
      else if (event.key === 'Delete') onDelete(meant(id))
      else return false
      return true
    },
  })
  return (
    <Table wide stickyHead className={styles.binTable} onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <th scope="col" className={styles.check}>
            <Checkbox
              aria-label={t('selectAll')}
              checked={marked.size > 0 && marked.size === ids.length}
              mixed={marked.size > 0 && marked.size < ids.length}
              onChange={(on) => onMark(ids, on)}
            />
          </th>
          <HeadCell>{t('name')}</HeadCell>
          <HeadCell width={156}>{t('status')}</HeadCell>
          <HeadCell width={100} number>
            {t('bin.frees')}
          </HeadCell>
          <HeadCell width={132}>{t('bin.removed')}</HeadCell>
          <HeadCell width={132}>{t('bin.deleted')}</HeadCell>
          <HeadCell width={116}>
            <span className={text.hidden}>{t('bin.restore')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {bin.map(({ run, entry }) => (
          <tr
            key={run.id}
            data-row={run.id}
            data-selected={marked.has(run.id) || undefined}
            tabIndex={tabIndexOf(run.id)}
          >
            <td>
              <Checkbox
                checked={marked.has(run.id)}
                aria-label={t('selectRun', { name: run.name })}
                onChange={(on) => onMark([run.id], on)}
              />
            </td>
            <td>
              <div className={styles.binName}>
                <span title={run.name}>{run.name}</span>
                {!run.name.startsWith(titleOf(run.recipeId)) && <small>{titleOf(run.recipeId)}</small>}
              </div>
            </td>
            <td>
              {run.status === 'queued' ? (
                <Badge tone="muted">{t('bin.notStarted')}</Badge>
              ) : (
                <RunStatusBadge run={run} />
              )}
            </td>
            <NumberCell raw={String(entry.bytes)}>{numbers.bytes(entry.bytes)}</NumberCell>
            <td className={styles.small}>{numbers.when(entry.removedAt)}</td>
            <td className={styles.small}>
              {entry.deletedAt === null ? t('bin.never') : numbers.clock(entry.deletedAt)}
            </td>
            <td>
              <Button size="small" icon={<RotateCcw size={13} />} onClick={() => void restoreFromBin([run])}>
                {t('bin.restore')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** The question before runs go for good. */
function DeleteDialog({ runs, onClose }: { runs: readonly BinnedRun[]; onClose: (done: boolean) => void }) {
  const { t } = useTranslation(['runs', 'sharedWords'])
  const numbers = useNumbers()
  const words = { count: runs.length, name: runs[0]?.run.name ?? '', size: numbers.bytes(bytesOf(runs)) }
  return (
    <Dialog
      open={runs.length > 0}
      onClose={() => onClose(false)}
      title={t('runs:bin.deleteTitle', words)}
      text={t('runs:bin.deleteText', words)}
      actions={
        <>
          <Button onClick={() => onClose(false)}>{t('sharedWords:cancel')}</Button>
          <Button
            variant="danger"
            icon={<Trash2 size={14} />}
            onClick={() => {
              onClose(true)
              void deleteForGood(runs.map(({ run }) => run.id))
            }}
          >
            {t('runs:bin.deleteFrees', words)}
          </Button>
        </>
      }
    />
  )
}

export function BinScreen() {
  const { t } = useTranslation('runs')
  const numbers = useNumbers()
  const { bin, error } = useStorageStore()
  const binDays = useEngineStore((state) => state.settings?.binDays)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [deleting, setDeleting] = useState<readonly BinnedRun[]>([])
  useEffect(() => void refreshBin(), [])

  const mark = (ids: readonly string[], on: boolean) =>
    setMarked((before) => {
      const next = new Set(before)
      for (const id of ids) {
        if (on) next.add(id)
        else next.delete(id)
      }
      return next
    })
  const chosen = (bin ?? []).filter(({ run }) => marked.has(run.id))
  return (
    <Page>
      <PageHead
        title={t('title')}
        facts={binDays !== undefined && t('bin.facts', { days: binDays })}
        actions={<EmptyBin />}
      />
      <RunsTabs current="bin" />
      {error && <ErrorReportBanner report={error} onRetry={() => void refreshBin()} />}
      <PageBody className={styles.scroller}>
        {bin === null && !error && (
          <div className={styles.nothing}>
            <Skeleton lines={4} words={t('bin.reading')} />
          </div>
        )}
        {bin?.length === 0 && (
          <div className={styles.nothing}>
            <EmptyState icon={<Trash2 size={20} strokeWidth={1.5} />} title={t('bin.emptyTitle')}>
              {t('bin.emptyText')}
            </EmptyState>
          </div>
        )}
        {bin && bin.length > 0 && (
          <BinTable bin={bin} marked={new Set(chosen.map(({ run }) => run.id))} onMark={mark} onDelete={setDeleting} />
        )}
      </PageBody>
      {chosen.length > 0 && (
        <PageFoot selection>
          <span className={styles.selected}>{t('selected', { count: chosen.length })}</span>
          <span className={styles.small}>{numbers.bytes(bytesOf(chosen))}</span>
          <span className={styles.gap} />
          <Button
            icon={<RotateCcw size={14} />}
            onClick={() => {
              setMarked(new Set())
              void restoreFromBin(chosen.map(({ run }) => run))
            }}
          >
            {t('bin.restore')}
          </Button>
          <Button variant="danger" icon={<Trash2 size={14} />} keys="Del" onClick={() => setDeleting(chosen)}>
            {t('bin.delete')}
          </Button>
          <IconButton label={t('clearSelection')} icon={<X size={14} />} onClick={() => setMarked(new Set())} />
        </PageFoot>
      )}
      <DeleteDialog
        runs={deleting}
        onClose={(done) => {
          setDeleting([])
          if (done) setMarked(new Set())
        }}
      />
    </Page>
  )
}
