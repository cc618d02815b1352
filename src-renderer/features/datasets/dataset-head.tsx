import { Ellipsis, FolderOpen, RefreshCw, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import type { DatasetOverview } from '../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { PageHead } from '../../ui/panel.tsx'
import { DatasetAction } from './dataset-action.tsx'
import { cancelCheck, checkDataset, removeDataset } from './dataset-actions.ts'
import styles from './dataset-page.module.css'
import { DatasetState } from './dataset-progress.tsx'
import { openCounts } from './health/open-findings.ts'

interface DatasetHeadProps {
  dataset: DatasetSummary
  /** Null until it is read, and before the data set is ready. */
  overview: DatasetOverview | null
}

/** Name, state, one line of facts, and what can be done. */
export function DatasetHead({ dataset, overview }: DatasetHeadProps) {
  return (
    <PageHead
      title={overview?.label ?? dataset.label}
      badge={overview ? <HealthBadge overview={overview} /> : <DatasetState dataset={dataset} />}
      facts={overview && <Facts overview={overview} />}
      actions={<Actions dataset={dataset} overview={overview} />}
    />
  )
}

function HealthBadge({ overview }: { overview: DatasetOverview }) {
  const { t } = useTranslation('datasets')
  const numbers = useNumbers()
  const { checking, health } = overview
  if (checking) {
    const share = checking.total > 0 ? numbers.progress(checking.done / checking.total) : ''
    return <Badge tone="live">{t('states.checking', { share })}</Badge>
  }
  if (!health) return <Badge tone="waiting">{t('states.unchecked')}</Badge>
  const { problem, warning } = openCounts(health)
  if (problem > 0) return <Badge tone="danger">{t('problems', { count: problem })}</Badge>
  if (warning > 0) return <Badge tone="warn">{t('warnings', { count: warning })}</Badge>
  return <Badge tone="ok">{t('states.healthy')}</Badge>
}

function Facts({ overview }: { overview: DatasetOverview }) {
  const { t } = useTranslation(['dataset', 'datasets'])
  const numbers = useNumbers()
  const { path, pictures, classes, bytes, health, excluded } = overview
  const facts = [
    t('datasets:pictureCount', { count: pictures }),
    ...(excluded > 0 ? [t('dataset:excludedFact', { count: excluded })] : []),
    t('datasets:classList', { count: classes.length }),
    numbers.bytes(bytes),
    ...(health
      ? [
          t('dataset:checkedFact', {
            when: numbers.when(health.checkedAt),
            time: numbers.duration(health.seconds),
          }),
        ]
      : []),
  ]
  return (
    <>
      {path !== null && (
        <>
          <code title={path}>{path}</code>
          {' · '}
        </>
      )}
      {facts.join(' · ')}
    </>
  )
}

function Actions({ dataset, overview }: DatasetHeadProps) {
  const { t } = useTranslation(['dataset', 'datasets', 'sharedWords'])
  const [removing, setRemoving] = useState(false)
  const { id, path } = dataset
  const { desktop } = window
  // What ships with the app cannot be removed; what is not there needs no removal.
  const removable = dataset.source !== 'shipped' && (dataset.status === 'ready' || dataset.status === 'failed')
  return (
    <>
      <DatasetAction dataset={dataset} primary />
      {overview &&
        (overview.checking ? (
          <Button icon={<X size={14} />} onClick={() => void cancelCheck(id)}>
            {t('dataset:cancelCheck')}
          </Button>
        ) : (
          <Button
            variant={overview.health ? 'plain' : 'primary'}
            icon={<RefreshCw size={14} />}
            onClick={() => void checkDataset(id)}
          >
            {t(overview.health ? 'dataset:checkAgain' : 'dataset:check')}
          </Button>
        ))}
      {path !== null && desktop && (
        <Button icon={<FolderOpen size={14} />} onClick={() => void desktop.revealFile(path)}>
          {t('dataset:openFolder')}
        </Button>
      )}
      {removable && (
        <Menu
          align="end"
          trigger={<IconButton label={t('sharedWords:more')} icon={<Ellipsis size={16} />} />}
          entries={[
            {
              label: t('dataset:remove'),
              danger: true,
              icon: <Trash2 size={14} />,
              onSelect: () => setRemoving(true),
            },
          ]}
        />
      )}
      <Dialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={t('dataset:removeTitle', { name: dataset.label })}
        text={t(dataset.source === 'user' ? 'dataset:removeTextUser' : 'dataset:removeTextFetched')}
        actions={
          <>
            <Button onClick={() => setRemoving(false)}>{t('sharedWords:cancel')}</Button>
            <Button
              variant="danger"
              onClick={() => {
                setRemoving(false)
                void removeDataset(dataset)
              }}
            >
              {t('dataset:removeIt')}
            </Button>
          </>
        }
      >
        {dataset.source === 'user' && path !== null && <code className={styles.path}>{path}</code>}
      </Dialog>
    </>
  )
}
