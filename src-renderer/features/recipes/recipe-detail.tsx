import { ArrowRight, ListChecks, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { configFields, configValue } from '../../../src-main/shared/config-fields.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { MeasuredResults } from './measured-results.tsx'
import styles from './recipes.module.css'
import { useProtocolLines } from './use-protocol-lines.ts'

function Line({ name, main, detail, traps }: { name: string; main: ReactNode; detail?: string; traps?: string[] }) {
  return (
    <div className={styles.line}>
      <dt>{name}</dt>
      <dd>
        <div className={styles.lineMain}>{main}</div>
        {detail && <div className={styles.lineDetail}>{detail}</div>}
        {traps?.map((trap) => (
          <div key={trap} className={styles.trap}>
            <TriangleAlert size={13} aria-hidden />
            <span>{trap}</span>
          </div>
        ))}
      </dd>
    </div>
  )
}

function ProtocolList({ summary }: { summary: RecipeSummary }) {
  const { t } = useTranslation(['recipes', 'sharedWords'])
  const lines = useProtocolLines(summary)
  return (
    <dl>
      {lines.map((line) => (
        <Line
          key={line.id}
          name={t(`protocol.${line.id}`)}
          main={line.main}
          detail={line.detail.join(t('sharedWords:listSeparator'))}
          traps={line.traps}
        />
      ))}
    </dl>
  )
}

function SettingsList({ summary }: { summary: RecipeSummary }) {
  const texts = useConfigTexts()
  const { config } = summary.recipe
  return (
    <dl>
      {configFields.map((field) => (
        <Line
          key={field.key}
          name={texts.label(field)}
          main={texts.value(field, configValue(config, field.key)) || '–'}
          detail={field.key}
        />
      ))}
    </dl>
  )
}

function DataLine({ summary }: { summary: RecipeSummary }) {
  const { t } = useTranslation('recipes')
  const numbers = useNumbers()
  const id = summary.recipe.config.data.dataset
  const dataset = useEngineStore((state) => state.datasets?.find((one) => one.id === id))
  const values = { dataset: summary.datasetLabel, size: numbers.bytes(dataset?.downloadBytes) }
  if (!dataset) return t('data.unknown', values)
  if (dataset.status !== 'absent') return t(`data.${dataset.status}`, values)
  return t(dataset.source === 'user' ? 'data.absentUser' : 'data.absent', values)
}

/** A recipe in full: figure, protocol with traps, known differences, our own measurements, the way to a run. */
export function RecipeDetail({ summary }: { summary: RecipeSummary }) {
  const { t } = useTranslation(['recipes', 'sharedWords'])
  const numbers = useNumbers()
  const [all, setAll] = useState(false)
  const { recipe } = summary
  const { paper } = recipe
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <div>
          <h2>{recipe.title}</h2>
          <div className={styles.paperTitle}>
            {paper.citation},{' '}
            <a href={paper.url} target="_blank" rel="noreferrer">
              {paper.title}
            </a>
          </div>
        </div>
        <div className={styles.figure}>
          {numbers.percent(paper.figure)}
          <small>{t('sharedWords:points', { value: numbers.tolerance(recipe.config.verdict.tolerance) })}</small>
        </div>
      </header>
      <div className={styles.detailBody}>
        {all ? <SettingsList summary={summary} /> : <ProtocolList summary={summary} />}
        <section className={styles.section}>
          <h3>{t('place')}</h3>
          <p>
            {paper.place}
            {paper.seeds !== null && ` (${t('paperSeeds', { count: paper.seeds })})`}
          </p>
        </section>
        <MeasuredResults results={recipe.measured} />
        {recipe.deviations.length > 0 && (
          <section className={styles.section}>
            <h3>{t('deviations')}</h3>
            <ul>
              {recipe.deviations.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <footer className={styles.detailFoot}>
        <div className={styles.footLine}>
          <span>
            <DataLine summary={summary} />
          </span>
          <span>
            {numbers.duration(summary.secondsHere, { about: !summary.secondsMeasuredHere })} ·{' '}
            {t(summary.secondsMeasuredHere ? 'timeMeasured' : 'timeEstimated')}
          </span>
        </div>
        <div className={styles.buttons}>
          <ButtonLink variant="primary" grow icon={<ArrowRight size={14} />} href={`/new-run/${recipe.id}`}>
            {t('setUpRun')}
          </ButtonLink>
          <Button icon={<ListChecks size={14} />} onClick={() => setAll(!all)}>
            {all ? t('protocolLines') : t('allLines', { count: configFields.length })}
          </Button>
        </div>
      </footer>
    </div>
  )
}
