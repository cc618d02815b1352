import { PencilLine, Play, Repeat2, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'
import { clearSelection } from '../../stores/selection-store.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { PageFoot } from '../../ui/panel.tsx'
import { moveToBin } from './bin-actions.ts'
import { resumeRuns, runAgain } from './run-actions.ts'
import styles from './runs.module.css'

/** What to do with the marked runs. */
export function SelectionBar({ runs, onRename }: { runs: readonly RunSummary[]; onRename: (runId: string) => void }) {
  const { t } = useTranslation('runs')
  const [only, second] = runs
  if (!only) return null
  const recipes = new Set(runs.map(({ recipeId }) => recipeId)).size
  return (
    <PageFoot selection>
      <span className={styles.selected}>{t('selected', { count: runs.length })}</span>
      <span className={styles.small}>
        {second && (recipes === 1 ? t('sameRecipe') : t('recipesSelected', { count: recipes }))}
      </span>
      <span className={styles.gap} />
      {!second && (
        <Button icon={<PencilLine size={14} />} keys="F2" onClick={() => onRename(only.id)}>
          {t('rename')}
        </Button>
      )}
      {runs.some(waitsToGoOn) && (
        <Button icon={<Play size={14} />} onClick={() => void resumeRuns(runs.filter(waitsToGoOn))}>
          {t('resume')}
        </Button>
      )}
      <Button icon={<Repeat2 size={14} />} onClick={() => void runAgain(runs)}>
        {t('runAgain')}
      </Button>
      <Button icon={<Trash2 size={14} />} onClick={() => void moveToBin(runs)}>
        {t('moveToBin')}
      </Button>
      <IconButton label={t('clearSelection')} icon={<X size={14} />} onClick={clearSelection} />
    </PageFoot>
  )
}
