import { MousePointer2, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary, RunSummary } from '../../../src-main/shared/api.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { brokenOffRuns, liveRun, refreshRuns, useRunsStore } from '../../stores/runs-store.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/empty-state.tsx'
import { Page, PageBody, PageFoot } from '../../ui/panel.tsx'
import { firstVerdictRecipe } from '../recipes/recipe-list.ts'
import { DiskPanel } from './disk-panel.tsx'
import { FirstVerdict } from './first-verdict.tsx'
import styles from './home.module.css'
import { InterruptedCard } from './interrupted-card.tsx'
import { FailedCard, LiveCard } from './live-card.tsx'
import { MachinePanel } from './machine-panel.tsx'
import { RecentPanel } from './recent-panel.tsx'
import { RecipePanel } from './recipe-panel.tsx'
import { VerdictPanel } from './verdict-panel.tsx'

function FirstStart({ recipes }: { recipes: readonly RecipeSummary[] }) {
  const { t } = useTranslation('home')
  const datasets = useEngineStore((state) => state.datasets) ?? []
  const first = firstVerdictRecipe(recipes, (id) => datasets.some((one) => one.id === id && one.benchmark))
  return (
    <>
      <PageBody>
        <div className={classNames(styles.page, styles.first)}>
          <div className={styles.top}>
            <div className={styles.promise}>
              <h1>{t('firstTitle')}</h1>
              <span>{t('firstText')}</span>
            </div>
          </div>
          <div className={styles.row}>
            {first ? <FirstVerdict summary={first} /> : <Skeleton lines={6} words={t('reading')} />}
            <MachinePanel />
          </div>
          <RecipePanel recipes={recipes} />
        </div>
      </PageBody>
      {window.desktop && (
        <PageFoot>
          <MousePointer2 size={14} aria-hidden />
          <span className={styles.faint}>{t('dropHint')}</span>
        </PageFoot>
      )}
    </>
  )
}

function NewestRun({ runs, recipes }: { runs: readonly RunSummary[]; recipes: readonly RecipeSummary[] }) {
  const language = useLanguage()
  const live = liveRun(runs)
  if (live) return <LiveCard run={live} recipe={recipes.find(({ recipe }) => recipe.id === live.recipeId)} />
  const [broken, ...others] = brokenOffRuns(runs)
  if (broken?.interruption) {
    return <InterruptedCard key={broken.id} run={broken} interruption={broken.interruption} others={others.length} />
  }
  const [newest] = runs
  if (newest?.status !== 'failed' || !newest.error) return null
  const { message, lines } = errorWords(newest.error, language)
  return <FailedCard run={newest} message={message} lines={lines} />
}

function LaterStart({ runs, recipes }: { runs: readonly RunSummary[]; recipes: readonly RecipeSummary[] }) {
  const { t } = useTranslation('home')
  const setup = useEngineStore((state) => state.machine?.setup.tensorflow)
  return (
    <PageBody>
      <div className={styles.page}>
        <div className={styles.top}>
          <div className={styles.promise}>
            <h1 style={{ fontSize: 'var(--text-xl)', lineHeight: 'var(--leading-xl)' }}>{t('title')}</h1>
          </div>
          <ButtonLink href="/new-run" icon={<Plus size={14} />}>
            {t('newRun')}
          </ButtonLink>
        </div>
        <NewestRun runs={runs} recipes={recipes} />
        <div className={classNames(styles.row, styles.rowNarrow)}>
          <RecentPanel runs={runs} />
          {setup === undefined || setup === 'ready' ? <DiskPanel /> : <MachinePanel />}
        </div>
        <VerdictPanel runs={runs} />
        <RecipePanel recipes={recipes} />
      </div>
    </PageBody>
  )
}

/** Where the app opens: the way to a first verdict, later what happened and what goes on. */
export function HomeScreen() {
  const { t } = useTranslation('home')
  const runs = useRunsStore((state) => state.runs)
  const recipes = useEngineStore((state) => state.recipes)
  const error = useRunsStore((state) => state.error)
  if (runs === null || recipes === null) {
    return (
      <Page>
        {runs === null && error && <ErrorReportBanner report={error} onRetry={() => void refreshRuns()} />}
        <PageBody>
          <div className={styles.page}>
            <Skeleton lines={6} words={t('reading')} />
          </div>
        </PageBody>
      </Page>
    )
  }
  return (
    <Page>{runs.length === 0 ? <FirstStart recipes={recipes} /> : <LaterStart runs={runs} recipes={recipes} />}</Page>
  )
}
