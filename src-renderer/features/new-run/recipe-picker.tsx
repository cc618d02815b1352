// The first step when no recipe is chosen yet.
import { useTranslation } from 'react-i18next'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { routePath } from '../../router/routes.ts'
import { PageBody, PageHead } from '../../ui/panel.tsx'
import styles from './recipe-picker.module.css'

export function RecipePicker({ recipes }: { recipes: readonly RecipeSummary[] }) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const bySpeed = [...recipes].sort((a, b) => a.secondsHere - b.secondsHere)
  return (
    <>
      <PageHead title={t('pickTitle')} facts={t('pickText')} />
      <PageBody>
        <ul className={styles.picker}>
          {bySpeed.map(({ recipe, modelLabel, datasetLabel, secondsHere, secondsMeasuredHere }) => (
            <li key={recipe.id}>
              <a href={routePath({ view: 'new-run', recipeId: recipe.id, from: null })}>
                <span className={styles.pickName}>
                  <b>{modelLabel}</b>
                  <span className={styles.quiet}>{`${datasetLabel} · ${recipe.paper.citation}`}</span>
                </span>
                <span className={styles.pickFigure}>{numbers.percent(recipe.paper.figure)}</span>
                <span className={styles.pickTime}>
                  {numbers.duration(secondsHere, { about: !secondsMeasuredHere })}
                </span>
              </a>
            </li>
          ))}
        </ul>
      </PageBody>
    </>
  )
}
