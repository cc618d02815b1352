import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageBody } from '../../ui/panel.tsx'
import { RunsTable } from '../runs/runs-table.tsx'
import styles from './dataset-page.module.css'

/** Runs of the recipes that use the data set. */
export function RunsTab({ datasetId, runs }: { datasetId: string; runs: RunSummary[] }) {
  const { t } = useTranslation('dataset')
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const [renaming, setRenaming] = useState<string | null>(null)
  const recipe = recipes.find(({ recipe: { config } }) => config.data.dataset === datasetId)
  if (runs.length > 0) {
    return <RunsTable runs={runs} recipes={recipes} grouping="none" renaming={renaming} onRename={setRenaming} />
  }
  return (
    <PageBody className={styles.padded}>
      <EmptyState
        title={t('noRuns')}
        actions={
          <ButtonLink href={recipe ? `/new-run/${encodeURIComponent(recipe.recipe.id)}` : '/new-run'}>
            {t('newRun')}
          </ButtonLink>
        }
      >
        {t('noRunsText')}
      </EmptyState>
    </PageBody>
  )
}
