import { useTranslation } from 'react-i18next'
import type { MeasuredResult } from '../../../src-main/shared/recipe.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import styles from './recipes.module.css'
import { meanOf, sampleStd } from './spread.ts'

function MeasuredTable({ result }: { result: MeasuredResult }) {
  const { t } = useTranslation('recipes')
  const numbers = useNumbers()
  const seeds = result.top1.map((top1, index) => ({ seed: index + 1, top1, seconds: result.secondsPerSeed[index] }))
  return (
    <div className={styles.measured}>
      <p>
        {t('measuredOn', { hardware: result.hardware, date: result.date })} · {result.precision} · {result.versions}
      </p>
      <Table dense>
        <thead>
          <tr>
            <HeadCell>{t('measuredSeed')}</HeadCell>
            <HeadCell number>{t('measuredTop1')}</HeadCell>
            <HeadCell number>{t('measuredTime')}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {seeds.map(({ seed, top1, seconds }) => (
            <tr key={seed}>
              <td>{seed}</td>
              <NumberCell raw={String(top1)}>{numbers.percentValue(top1)}</NumberCell>
              <NumberCell>{numbers.duration(seconds)}</NumberCell>
            </tr>
          ))}
          {result.top1.length > 1 && (
            <tr>
              <td>{t('measuredMean')}</td>
              <NumberCell>{numbers.meanStd(meanOf(result.top1), sampleStd(result.top1))}</NumberCell>
              <NumberCell>{numbers.duration(meanOf(result.secondsPerSeed))}</NumberCell>
            </tr>
          )}
        </tbody>
      </Table>
      <div className={styles.source}>{t('source', { file: result.source })}</div>
    </div>
  )
}

/** What the makers of the app measured with this recipe, seed by seed. */
export function MeasuredResults({ results }: { results: readonly MeasuredResult[] }) {
  const { t } = useTranslation('recipes')
  return (
    <section className={styles.section}>
      <h3>{t('measured')}</h3>
      {results.length === 0 && <p>{t('measuredNone')}</p>}
      {results.map((result) => (
        <MeasuredTable key={`${result.hardware} ${result.date} ${result.precision}`} result={result} />
      ))}
    </section>
  )
}
