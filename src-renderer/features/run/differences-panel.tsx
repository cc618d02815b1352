// What this run did differently from its recipe, what the recipe does differently from the paper, and what we measured.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import {
  type ConfigField,
  configDifferences,
  configFields,
  configValue,
  neutralKeys,
} from '../../../src-main/shared/config-fields.ts'
import type { RunConfig } from '../../../src-main/shared/run-config.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Panel } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { HeadCell, Table } from '../../ui/table.tsx'
import { fieldUnit } from '../new-run/form-sections.ts'
import styles from './verdict-tab.module.css'

const judgedFields = configFields.filter(({ key }) => !neutralKeys.includes(key))

export function DifferencesPanel({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const texts = useConfigTexts()
  const [shown, setShown] = useState<'only' | 'all'>('only')
  const differing = new Set(configDifferences(run.recipe.config, run.config).map(({ key }) => key))
  const lines = shown === 'all' ? judgedFields : judgedFields.filter(({ key }) => differing.has(key))
  const worded = (config: RunConfig, field: ConfigField) => {
    const value = (key: string) => configValue(config, key)
    return texts.value(field, value(field.key), fieldUnit(field, value))
  }
  return (
    <Panel
      flush
      title={t('differences.title')}
      note={t('differences.counts', { differ: differing.size, equal: judgedFields.length - differing.size })}
      actions={
        <Segmented
          label={t('differences.title')}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'only', label: t('differences.only') },
            { value: 'all', label: t('differences.all', { count: judgedFields.length }) },
          ]}
        />
      }
    >
      {lines.length === 0 ? (
        <p className={styles.noDifference}>{t('differences.none')}</p>
      ) : (
        <Table>
          <thead>
            <tr>
              <HeadCell width="34%">{t('differences.what')}</HeadCell>
              <HeadCell width="28%">{t('differences.recipe')}</HeadCell>
              <HeadCell>{t('differences.run')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {lines.map((field) => {
              const value = worded(run.config, field)
              return (
                <tr key={field.key}>
                  <td>
                    <div className={styles.setting}>{texts.label(field)}</div>
                    <div className={styles.quiet}>{texts.help(field)}</div>
                  </td>
                  <td className={styles.dim}>{worded(run.recipe.config, field)}</td>
                  <td>{differing.has(field.key) ? <mark className={styles.mark}>{value}</mark> : value}</td>
                </tr>
              )
            })}
          </tbody>
        </Table>
      )}
      <Remarks run={run} />
    </Panel>
  )
}

function Remarks({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const { deviations, measured } = run.recipe
  const skipped = run.data?.skipped.length ?? 0
  if (deviations.length === 0 && measured.length === 0 && skipped === 0) return null
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const std = (values: readonly number[]) =>
    values.length < 2
      ? null
      : Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1))
  return (
    <div className={styles.remarks}>
      {skipped > 0 && <p>{t('differences.skipped', { count: skipped })}</p>}
      {deviations.length > 0 && (
        <div>
          <b>{t('differences.deviations')}</b>
          <ul>
            {deviations.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      )}
      {measured.map((result) => (
        <p key={result.source}>
          <b>{t('differences.measured')}</b>{' '}
          {t('differences.measuredLine', {
            figure: numbers.meanStd(mean(result.top1), std(result.top1)),
            seeds: result.top1.length,
            time: numbers.duration(mean(result.secondsPerSeed)),
            precision: result.precision,
            hardware: result.hardware,
            date: result.date,
          })}
        </p>
      ))}
    </div>
  )
}
