import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { navigate } from '../../router/router.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { classNames } from '../../ui/class-names.ts'
import { useRowFocus } from '../../ui/row-focus.ts'
import { GroupRow, HeadCell, NumberCell, Table } from '../../ui/table.tsx'
import { VerdictOnScale } from '../verdict/run-verdict-scale.tsx'
import type { DatasetGroup } from './recipe-list.ts'
import styles from './recipes.module.css'

function RecipeRow(props: { summary: RecipeSummary; selected: boolean; tabIndex: number; onSelect: () => void }) {
  const { summary, selected, tabIndex, onSelect } = props
  const numbers = useNumbers()
  const { recipe } = summary
  return (
    <tr
      data-interactive
      data-selected={selected || undefined}
      data-row={recipe.id}
      aria-current={selected || undefined}
      tabIndex={tabIndex}
      onClick={onSelect}
      onDoubleClick={() => navigate({ view: 'new-run', recipeId: recipe.id, from: null })}
    >
      <td className={styles.name}>
        {summary.modelLabel}
        {recipe.variant && <span className={styles.variant}>{recipe.variant}</span>}
      </td>
      <td className={styles.dim}>{recipe.paper.citation}</td>
      <NumberCell raw={String(recipe.paper.figure)}>
        <b className={styles.name}>{numbers.percentValue(recipe.paper.figure)}</b>
      </NumberCell>
      <NumberCell className={classNames(styles.faint, styles.optional)}>
        {numbers.tolerance(recipe.config.verdict.tolerance)}
      </NumberCell>
      <NumberCell className={styles.dim}>
        {numbers.duration(summary.secondsHere, { about: !summary.secondsMeasuredHere })}
      </NumberCell>
      <td className={styles.best}>
        {summary.best && summary.best.mean !== null ? (
          <div className={styles.scale}>
            <VerdictOnScale verdict={summary.best} />
          </div>
        ) : (
          <span className={styles.faint}>{missing}</span>
        )}
      </td>
    </tr>
  )
}

export interface RecipeTableProps {
  groups: readonly DatasetGroup[]
  selectedId: string | null
  onSelect: (recipeId: string) => void
}

/** Recipes under their data sets. Arrow keys move, Enter sets up a run. */
export function RecipeTable({ groups, selectedId, onSelect }: RecipeTableProps) {
  const { t } = useTranslation('recipes')
  const numbers = useNumbers()
  const datasets = useEngineStore((state) => state.datasets)
  const ids = groups.flatMap(({ families }) =>
    families.flatMap(({ recipes }) => recipes.map(({ recipe }) => recipe.id)),
  )
  const { tabIndexOf, onKeyDown } = useRowFocus(ids, selectedId, {
    onMove: onSelect,
    onOpen: (id) => navigate({ view: 'new-run', recipeId: id, from: null }),
  })
  return (
    <Table wide stickyHead onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <HeadCell>{t('model')}</HeadCell>
          <HeadCell>{t('paper')}</HeadCell>
          <HeadCell number>{t('top1')}</HeadCell>
          <th scope="col" className={styles.optional} style={{ textAlign: 'right' }}>
            {t('tolerance')}
          </th>
          <HeadCell number>{t('oneSeed')}</HeadCell>
          <th scope="col" className={styles.best}>
            {t('best')}
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => {
          const dataset = datasets?.find(({ id }) => id === group.datasetId)
          return (
            <Fragment key={group.datasetId}>
              <GroupRow columns={6}>
                <span className={styles.groupName}>{group.label}</span>
                {dataset && (
                  <span className={styles.groupNote}>
                    {t(dataset.shape[0] > 0 ? 'groupPictures' : 'groupUnlikePictures', {
                      train: numbers.count(dataset.train),
                      test: numbers.count(dataset.test),
                      height: dataset.shape[0],
                      width: dataset.shape[1],
                    })}
                    {dataset.status !== 'ready' &&
                      ` · ${t(dataset.source === 'user' ? 'data.toBring' : 'data.notYet')}`}
                  </span>
                )}
              </GroupRow>
              {group.families.map(({ family, recipes }) => (
                <Fragment key={family}>
                  {group.families.length > 1 && (
                    <GroupRow columns={6}>
                      <span className={styles.family}>{t(`families.${family}`)}</span>
                    </GroupRow>
                  )}
                  {recipes.map((summary) => (
                    <RecipeRow
                      key={summary.recipe.id}
                      summary={summary}
                      selected={summary.recipe.id === selectedId}
                      tabIndex={tabIndexOf(summary.recipe.id)}
                      onSelect={() => onSelect(summary.recipe.id)}
                    />
                  ))}
                </Fragment>
              ))}
            </Fragment>
          )
        })}
      </tbody>
    </Table>
  )
}
