// One data set: head, and its parts as tabs with addresses. Before it is ready, what is known of it.
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary } from '../../../src-main/shared/api.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { isTyping, matchesKeys } from '../../frame/keys.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { type DatasetTab, datasetTabs, routePath } from '../../router/routes.ts'
import { loadOverview, useDatasetOverviewsStore } from '../../stores/dataset-overviews-store.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { useRunsStore } from '../../stores/runs-store.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Page, PageBody } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { DatasetAbout } from './dataset-about.tsx'
import { DatasetHead } from './dataset-head.tsx'
import styles from './dataset-page.module.css'
import { HealthTab } from './health/health-tab.tsx'
import { PicturesTab } from './pictures/pictures-tab.tsx'
import { PreviewTab } from './preview-tab.tsx'
import { RunsTab } from './runs-tab.tsx'
import { SplitsTab } from './splits/splits-tab.tsx'

export function DatasetScreen({ datasetId, tab }: { datasetId: string; tab: DatasetTab }) {
  const { t } = useTranslation('dataset')
  const datasets = useEngineStore((state) => state.datasets)
  if (!datasets) return <Skeleton lines={6} words={t('reading')} />
  const dataset = datasets.find(({ id }) => id === datasetId)
  if (!dataset) {
    return (
      <EmptyState
        title={t('noDataset', { id: datasetId })}
        actions={<ButtonLink href="/datasets">{t('allDatasets')}</ButtonLink>}
      >
        {t('noDatasetText')}
      </EmptyState>
    )
  }
  if (dataset.status === 'ready') return <ReadyDataset dataset={dataset} tab={tab} />
  return (
    <Page>
      <DatasetHead dataset={dataset} overview={null} />
      <PageBody className={styles.lined}>
        <DatasetAbout dataset={dataset} />
      </PageBody>
    </Page>
  )
}

/** Digits open tabs. */
function useDatasetKeys(id: string) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.defaultPrevented) return
      if (document.querySelector('[role="dialog"]')) return
      const tab = datasetTabs.find((_, place) => matchesKeys(event, String(place + 1)))
      if (tab) navigate({ view: 'dataset', datasetId: id, tab })
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [id])
}

/** Runs of recipes that use a data set, newest first. */
function useRunsOf(datasetId: string) {
  const recipes = useEngineStore((state) => state.recipes)
  const runs = useRunsStore((state) => state.runs)
  return useMemo(() => {
    const own = new Set(
      (recipes ?? []).filter(({ recipe }) => recipe.config.data.dataset === datasetId).map(({ recipe }) => recipe.id),
    )
    return (runs ?? []).filter(({ recipeId }) => own.has(recipeId))
  }, [recipes, runs, datasetId])
}

function ReadyDataset({ dataset, tab }: { dataset: DatasetSummary; tab: DatasetTab }) {
  const { id } = dataset
  const { t } = useTranslation('dataset')
  const numbers = useNumbers()
  const online = useEngineStore(({ connection }) => connection === 'online')
  const overview = useDatasetOverviewsStore((state) => state.overviews[id])
  const error = useDatasetOverviewsStore((state) => state.errors[id])
  const runs = useRunsOf(id)
  useDatasetKeys(id)
  useEffect(() => {
    if (online) void loadOverview(id)
  }, [id, online])
  const counts: Partial<Record<DatasetTab, string>> = {
    ...(overview && { pictures: numbers.count(overview.pictures) }),
    ...(runs.length > 0 && { runs: numbers.count(runs.length) }),
  }
  const tabs = datasetTabs.map((name) => ({
    id: name,
    label: t(`tab.${name}`),
    href: routePath({ view: 'dataset', datasetId: id, tab: name }),
    ...(counts[name] !== undefined && { count: counts[name] }),
  }))
  return (
    <Page>
      <DatasetHead dataset={dataset} overview={overview ?? null} />
      <Tabs label={t('tabsLabel')} tabs={tabs} current={tab} />
      {error && <ErrorReportBanner report={error} onRetry={() => void loadOverview(id)} />}
      {!overview && !error && (
        <PageBody className={styles.padded}>
          <Skeleton lines={6} words={t('reading')} />
        </PageBody>
      )}
      {overview && tab === 'health' && <HealthTab overview={overview} />}
      {overview && tab === 'pictures' && <PicturesTab overview={overview} />}
      {overview && tab === 'splits' && <SplitsTab overview={overview} runs={runs.length} />}
      {overview && tab === 'preview' && <PreviewTab datasetId={id} />}
      {overview && tab === 'runs' && <RunsTab datasetId={id} runs={runs} />}
    </Page>
  )
}
