import { Check, Play } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetSummary, RecipeSummary } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { putRun } from '../../stores/runs-store.ts'
import { VerdictBadge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { offlineRecipe, secondsForAll } from '../recipes/recipe-list.ts'
import { AccuracyPreview } from './accuracy-preview.tsx'
import { exampleCurve } from './example-curve.ts'
import styles from './home.module.css'

function Step({
  number,
  done,
  title,
  children,
}: {
  number: number
  done?: boolean
  title: string
  children: ReactNode
}) {
  return (
    <div className={styles.step}>
      <span className={classNames(styles.stepNumber, done && styles.stepDone)}>
        {done ? <Check size={12} strokeWidth={2.5} aria-hidden /> : number}
      </span>
      <div className={styles.stepBody}>
        <div className={styles.stepTitle}>{title}</div>
        <div className={styles.stepText}>{children}</div>
      </div>
    </div>
  )
}

function DataStep({ summary, dataset }: { summary: RecipeSummary; dataset: DatasetSummary | undefined }) {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const name = summary.datasetLabel
  if (dataset?.status === 'ready') {
    return (
      <Step number={1} done title={t('dataHere')}>
        {t('dataHereText', { dataset: name, count: numbers.count(dataset.train + dataset.test) })}
      </Step>
    )
  }
  if (dataset?.status === 'fetching') {
    const { progress } = dataset
    const known = progress !== null && progress.unit === 'bytes' && progress.total > 0
    const done = known ? numbers.bytesOf(progress.done, progress.total) : name
    return (
      <Step number={1} title={t('dataFetching')}>
        {t('dataFetchingText', { done })}
        <ProgressBar value={known ? progress.done / progress.total : null} label={name} text={done} />
      </Step>
    )
  }
  if (!dataset || dataset.source === 'user') {
    return (
      <Step number={1} title={t('dataMissing')}>
        {t('dataMissingText', { dataset: name })}
      </Step>
    )
  }
  return (
    <Step number={1} title={t('dataFetch')}>
      {t('dataFetchText', { dataset: name, size: numbers.bytes(dataset.downloadBytes) })}
    </Step>
  )
}

/** The first card of the app: from here to a verdict in one click. */
export function FirstVerdict({ summary }: { summary: RecipeSummary }) {
  const { t } = useTranslation(['home', 'sharedWords'])
  const numbers = useNumbers()
  const datasets = useEngineStore((state) => state.datasets) ?? []
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const [busy, setBusy] = useState(false)
  const { recipe } = summary
  const { paper } = recipe
  const { tolerance } = recipe.config.verdict
  const count = recipe.config.seeds.count
  const dataset = datasets.find(({ id }) => id === recipe.config.data.dataset)
  const offline = offlineRecipe(recipes, (id) => datasets.some((one) => one.id === id && one.source === 'shipped'))
  const total = numbers.duration(secondsForAll(summary), { about: true })

  const start = async () => {
    setBusy(true)
    const run = await attempt(() => engineClient().runs.start({ recipeId: recipe.id, changes: {} }))
    setBusy(false)
    if (!run) return
    putRun(run)
    navigate({ view: 'run', runId: run.id, tab: null })
  }

  return (
    <section className={styles.card}>
      <div className={styles.cardText}>
        <div>
          <div className={styles.over}>{t('home:firstVerdict', { time: total })}</div>
          <h2 className={styles.cardTitle}>{recipe.title}</h2>
          <div className={styles.dim}>
            {t('home:reports', { citation: paper.citation, figure: numbers.percent(paper.figure), count })}
          </div>
        </div>
        <div className={styles.steps}>
          <DataStep summary={summary} dataset={dataset} />
          <Step number={2} title={t('home:train', { count })}>
            {t(summary.secondsMeasuredHere ? 'home:trainTextMeasured' : 'home:trainText', {
              time: numbers.duration(summary.secondsHere, { about: !summary.secondsMeasuredHere }),
            })}
          </Step>
          <Step number={3} title={t('home:readVerdict')}>
            {t('home:toleranceText', { tolerance: numbers.tolerance(tolerance) })}
          </Step>
        </div>
        <div className={styles.buttons}>
          <Button variant="primary" size="large" icon={<Play size={14} />} busy={busy} onClick={() => void start()}>
            {t('home:start', { model: summary.modelLabel })}
          </Button>
          <ButtonLink variant="ghost" size="large" href={`/new-run/${recipe.id}`}>
            {t('home:changeFirst')}
          </ButtonLink>
        </div>
        {offline && offline !== summary && dataset?.status !== 'ready' && (
          <a className={styles.offline} href={`/new-run/${offline.recipe.id}`}>
            {t('home:noNetwork', { recipe: offline.recipe.title })}
          </a>
        )}
      </div>
      <div className={styles.chartSide}>
        <div className={styles.chartHead}>
          <h3>{t('home:whatYouSee')}</h3>
          <span className={styles.faint}>{t('home:exampleNote')}</span>
        </div>
        <AccuracyPreview
          values={exampleCurve(paper.figure, tolerance)}
          paper={paper.figure}
          tolerance={tolerance}
          xLabels={['0', numbers.duration(secondsForAll(summary) / 2), numbers.duration(secondsForAll(summary))]}
          summary={t('home:exampleSummary', { figure: numbers.percent(paper.figure) })}
        />
        <div className={styles.legend}>
          <div>
            <VerdictBadge outcome="reproduced">{t('sharedWords:verdict.reproduced')}</VerdictBadge>
            <span>{t('home:reproducedMeans')}</span>
          </div>
          <div>
            <VerdictBadge outcome="inconclusive">{t('sharedWords:verdict.inconclusive')}</VerdictBadge>
            <span>{t('home:inconclusiveMeans')}</span>
          </div>
        </div>
      </div>
    </section>
  )
}
