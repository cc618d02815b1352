// How pictures come to train, validation and test; another way to do it; and the counts of each part and class.
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, SplitRecipe } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { PageBody, Panel } from '../../../ui/panel.tsx'
import { HeadCell, NumberCell, Table } from '../../../ui/table.tsx'
import { downloadSplit } from '../dataset-actions.ts'
import { SplitForm } from './split-form.tsx'
import { partCounts } from './split-plan.ts'
import styles from './splits.module.css'

const parts = ['train', 'val', 'test'] as const

/** A split as one sentence. */
export function useSplitWords(): (split: SplitRecipe) => string {
  const { t } = useTranslation('dataset')
  const numbers = useNumbers()
  const share = (value: number) => numbers.percent(value, Number.isInteger(value * 100) ? 0 : 1)
  return (split) => {
    const { seed } = split
    const val = share(split.valShare)
    switch (split.kind) {
      case 'given':
        return split.valShare > 0 ? t('split.words.givenVal', { val, seed }) : t('split.words.given')
      case 'ratio':
        return t(split.stratified ? 'split.words.ratioStratified' : 'split.words.ratio', {
          test: share(split.testShare),
          val,
          seed,
        })
      case 'group':
        return t(split.expression === null ? 'split.words.groupFolder' : 'split.words.groupExpression', {
          test: share(split.testShare),
          val,
          seed,
          expression: split.expression ?? '',
        })
      case 'k-fold':
        return t('split.words.kFold', { fold: split.fold + 1, folds: split.folds, val, seed })
    }
  }
}

function Parts({ overview }: { overview: DatasetOverview }) {
  const { t } = useTranslation('dataset')
  const numbers = useNumbers()
  const words = useSplitWords()
  const counts = partCounts(overview.classes)
  const total = counts.train + counts.val + counts.test
  return (
    <Panel
      title={t('split.now')}
      actions={
        <Button size="small" icon={<Download size={14} />} onClick={() => void downloadSplit(overview.id)}>
          {t('split.export')}
        </Button>
      }
    >
      <p className={styles.words}>{words(overview.split)}</p>
      <div className={styles.bar} aria-hidden>
        {parts.map((part) => (
          <span key={part} className={styles[part]} style={{ flexGrow: counts[part] }} />
        ))}
      </div>
      <dl className={styles.parts}>
        {parts.map((part) => (
          <div key={part}>
            <dt className={styles[`${part}Key`]}>{t(`split.parts.${part}`)}</dt>
            <dd>
              {numbers.count(counts[part])}
              {total > 0 && <small>{numbers.percent(counts[part] / total, 1)}</small>}
            </dd>
          </div>
        ))}
        {overview.excluded > 0 && (
          <div>
            <dt>{t('split.parts.excluded')}</dt>
            <dd>{numbers.count(overview.excluded)}</dd>
          </div>
        )}
      </dl>
    </Panel>
  )
}

function ClassTable({ overview }: { overview: DatasetOverview }) {
  const { t } = useTranslation('dataset')
  const numbers = useNumbers()
  const [all, setAll] = useState(false)
  const counts = partCounts(overview.classes)
  const shown = all ? overview.classes : overview.classes.slice(0, 50)
  return (
    <Panel title={t('split.perClass')} flush>
      <Table dense openEnd>
        <thead>
          <tr>
            <HeadCell>{t('split.class')}</HeadCell>
            {parts.map((part) => (
              <HeadCell key={part} number>
                {t(`split.parts.${part}`)}
              </HeadCell>
            ))}
            <HeadCell number>{t('split.parts.excluded')}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.name}>
              <td>{one.name}</td>
              {parts.map((part) => (
                <NumberCell
                  key={part}
                  raw={String(one[part])}
                  className={one[part] === 0 && counts[part] > 0 ? styles.none : undefined}
                >
                  {numbers.count(one[part])}
                </NumberCell>
              ))}
              <NumberCell raw={String(one.excluded)} className={styles.quiet}>
                {numbers.count(one.excluded)}
              </NumberCell>
            </tr>
          ))}
        </tbody>
      </Table>
      {overview.classes.length > shown.length && (
        <Button className={styles.more} size="small" variant="ghost" onClick={() => setAll(true)}>
          {t('split.allClasses', { count: numbers.count(overview.classes.length) })}
        </Button>
      )}
    </Panel>
  )
}

export function SplitsTab({ overview, runs }: { overview: DatasetOverview; runs: number }) {
  return (
    <PageBody>
      <div className={styles.columns}>
        <div className={styles.column}>
          <Parts overview={overview} />
          <SplitForm key={JSON.stringify(overview.split)} overview={overview} runs={runs} />
        </div>
        <div className={styles.column}>
          <ClassTable overview={overview} />
        </div>
      </div>
    </PageBody>
  )
}
