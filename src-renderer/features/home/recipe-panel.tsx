import { ArrowRight, CircleCheck, CircleSlash, Moon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import text from '../../styles/text.module.css'
import { ButtonLink } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import { byPaper, byTime, fitOf, secondsForAll } from '../recipes/recipe-list.ts'
import styles from './home.module.css'

const fitIcons = {
  now: <CircleCheck size={14} className={styles.ok} aria-hidden />,
  night: <Moon size={14} className={styles.warn} aria-hidden />,
  long: <CircleSlash size={14} className={styles.faint} aria-hidden />,
}

/** All seeds when that is a matter of hours, else what one seed takes. */
function TimeHere({ summary }: { summary: RecipeSummary }) {
  const { t } = useTranslation(['recipes', 'sharedWords'])
  const numbers = useNumbers()
  const fit = fitOf(summary)
  const seeds = fit === 'now' ? summary.recipe.config.seeds.count : 1
  const seconds = fit === 'now' ? secondsForAll(summary) : summary.secondsHere
  return (
    <div className={styles.fit}>
      {fitIcons[fit]}
      <span className={classNames(fit === 'long' ? styles.dim : styles.name)}>
        {numbers.duration(seconds, { about: fit === 'long' })}
      </span>
      <span className={styles.faint}>
        {t('sharedWords:seeds', { count: seeds })}
        {fit !== 'now' && t('sharedWords:listSeparator') + t(`recipes:fits.${fit}`)}
      </span>
    </div>
  )
}

/** The recipes with what they take on this machine. */
export function RecipePanel({ recipes }: { recipes: readonly RecipeSummary[] }) {
  const { t } = useTranslation(['home', 'recipes'])
  const numbers = useNumbers()
  const order = useChoice<'time' | 'paper'>('home.order', 'time')
  const sorted = order === 'time' ? byTime(recipes) : byPaper(recipes)
  return (
    <Panel
      flush
      title={t('home:recipes')}
      note={t('home:recipesNote', { count: recipes.length })}
      actions={
        <>
          <Segmented
            label={t('home:order')}
            value={order}
            onChange={(value) => setChoice('home.order', value)}
            options={[
              { value: 'time', label: t('home:fitsFirst') },
              { value: 'paper', label: t('home:byPaper') },
            ]}
          />
          <ButtonLink variant="ghost" size="small" href="/recipes">
            {t('home:allRecipes')}
            <ArrowRight size={14} aria-hidden />
          </ButtonLink>
        </>
      }
    >
      <Table openEnd className={styles.recipeTable}>
        <thead>
          <tr>
            <HeadCell>{t('recipes:model')}</HeadCell>
            <HeadCell>{t('recipes:dataset')}</HeadCell>
            <HeadCell>{t('recipes:paper')}</HeadCell>
            <HeadCell number>{t('recipes:reportedTop1')}</HeadCell>
            <HeadCell number>{t('recipes:toleranceLong')}</HeadCell>
            <HeadCell>{t('recipes:timeHere')}</HeadCell>
            <th scope="col">
              <span className={text.hidden}>{t('recipes:setUp')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((summary) => {
            const { recipe } = summary
            return (
              <tr key={recipe.id}>
                <td className={styles.name}>
                  {summary.modelLabel}
                  {recipe.variant && <span className={styles.variant}>{recipe.variant}</span>}
                </td>
                <td className={classNames(styles.dim, styles.dataset)}>{summary.datasetLabel}</td>
                <td className={styles.dim}>{recipe.paper.citation}</td>
                <NumberCell className={styles.name} raw={String(recipe.paper.figure)}>
                  {numbers.percent(recipe.paper.figure)}
                </NumberCell>
                <NumberCell className={styles.faint}>{numbers.tolerance(recipe.config.verdict.tolerance)}</NumberCell>
                <td>
                  <TimeHere summary={summary} />
                </td>
                <NumberCell>
                  <ButtonLink size="small" href={`/new-run/${recipe.id}`}>
                    {t('recipes:setUp')}
                  </ButtonLink>
                </NumberCell>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Panel>
  )
}
