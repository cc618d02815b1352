import { useTranslation } from 'react-i18next'
import { configValue } from '../../../../src-main/shared/config-fields.ts'
import type { DatasetOverview, HealthReport } from '../../../../src-main/shared/dataset-views.ts'
import type { Recipe } from '../../../../src-main/shared/recipe.ts'
import { useEngineStore } from '../../../stores/engine-store.ts'
import text from '../../../styles/text.module.css'
import { Panel } from '../../../ui/panel.tsx'
import { NumberCell, Table } from '../../../ui/table.tsx'
import styles from './statistics.module.css'

const write = (value: number) => value.toFixed(4)

/** The mean and std that a recipe normalises by; null where it takes those of the data. */
function recipeStatistics(recipe: Recipe | undefined): { mean: number[]; std: number[] } | null {
  if (!recipe || configValue(recipe.config, 'input.normalization') !== 'channel') return null
  const [mean, std] = [configValue(recipe.config, 'input.mean'), configValue(recipe.config, 'input.std')]
  const isList = (value: unknown): value is number[] => Array.isArray(value) && value.length > 0
  return isList(mean) && isList(std) ? { mean, std } : null
}

/** Mean and spread of each channel of the training part, beside those that a recipe of the data set normalises by. */
export function ChannelStatistics({ overview, health }: { overview: DatasetOverview; health: HealthReport }) {
  const { t } = useTranslation('health')
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const own = recipes.map(({ recipe }) => recipe).filter(({ config }) => config.data.dataset === overview.id)
  const recipe = own.find((one) => recipeStatistics(one) !== null)
  const paper = recipeStatistics(recipe)
  const channels = health.mean.length === 3 ? ['R', 'G', 'B'] : health.mean.map((_, index) => String(index + 1))
  const row = (name: string, values: readonly number[], quiet = false) => (
    <tr className={quiet ? styles.paperRow : undefined}>
      <th scope="row">{name}</th>
      {channels.map((channel, index) => (
        <NumberCell key={channel} raw={String(values[index] ?? '')}>
          {values[index] === undefined ? '' : write(values[index])}
        </NumberCell>
      ))}
    </tr>
  )
  return (
    <Panel title={t('statistics')} flush>
      <Table dense openEnd className={styles.statistics}>
        <thead>
          <tr>
            <th scope="col">
              <span className={text.hidden}>{t('figure')}</span>
            </th>
            {channels.map((channel) => (
              <th key={channel} scope="col" style={{ textAlign: 'right' }}>
                {channels.length === 1 ? t('grey') : channel}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {row(t('mean'), health.mean)}
          {paper && row(t('paperValue'), paper.mean, true)}
          {row(t('std'), health.std)}
          {paper && row(t('paperValue'), paper.std, true)}
        </tbody>
      </Table>
      {recipe && <p className={styles.statisticsNote}>{t('paperOf', { recipe: recipe.title })}</p>}
    </Panel>
  )
}
