// One setting of a sweep: which, and its values or its range.
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { configField, configFields } from '../../../src-main/shared/config-fields.ts'
import { toErrorReport } from '../../../src-main/shared/errors.ts'
import type { Sweep } from '../../../src-main/shared/sweep.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { IconButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { sectionOf } from './form-sections.ts'
import styles from './sweep.module.css'
import { type AxisDraft, parseValues, takesRange } from './sweep-draft.ts'

/** What is wrong with the text of values; null when it can be read. */
function textProblem({ key, text }: AxisDraft): string | null {
  try {
    return parseValues(configField(key), text).length === 0 ? '' : null
  } catch (error) {
    const report = toErrorReport(error)
    return report.expected ?? report.message
  }
}

export interface SweepAxisProps {
  axis: AxisDraft
  mode: Sweep['mode']
  /** Settings of the other axes. */
  taken: readonly string[]
  onKey: (key: string) => void
  onChange: (change: Partial<AxisDraft>) => void
  /** Null for the only axis. */
  onRemove: (() => void) | null
}

export function SweepAxisForm({ axis, mode, taken, onKey, onChange, onRemove }: SweepAxisProps) {
  const { t } = useTranslation('newRun')
  const texts = useConfigTexts()
  const field = configField(axis.key)
  const label = texts.label(field)
  const canRange = mode === 'random' && takesRange(field)
  const ranged = canRange && axis.kind === 'range'
  const problem = ranged ? null : textProblem(axis)
  const settings = configFields
    .filter(({ key }) => key === axis.key || !taken.includes(key))
    .map((one) => {
      const section = sectionOf(one.key)
      return { value: one.key, label: texts.label(one), ...(section && { note: t(`section.${section}`) }) }
    })
  const hint =
    field.kind === 'choice'
      ? t('sweep.choices', { choices: field.choices.join(', ') })
      : t(field.kind === 'numbers' ? 'sweep.listsHint' : 'sweep.valuesHint')
  return (
    <fieldset className={styles.axis} aria-label={t('sweep.axis', { label })}>
      <div>
        <Field label={t('sweep.setting')}>
          {(control) => <Select {...control} value={axis.key} options={settings} onChange={onKey} />}
        </Field>
      </div>
      {ranged ? (
        <div className={styles.range}>
          <Field label={t('sweep.from')}>
            {(control) => (
              <NumberField {...control} value={axis.min} onChange={(min) => min !== null && onChange({ min })} />
            )}
          </Field>
          <Field label={t('sweep.to')}>
            {(control) => (
              <NumberField {...control} value={axis.max} onChange={(max) => max !== null && onChange({ max })} />
            )}
          </Field>
          <Segmented
            label={t('sweep.scale')}
            value={axis.scale}
            onChange={(scale) => onChange({ scale })}
            options={[
              { value: 'log', label: t('sweep.log') },
              { value: 'linear', label: t('sweep.linear') },
            ]}
          />
        </div>
      ) : (
        <div>
          <Field
            label={t('sweep.values')}
            hint={hint}
            error={
              problem === null ? null : problem === '' ? t('sweep.noValues') : t('outOfRange', { expected: problem })
            }
          >
            {(control) => <TextField {...control} value={axis.text} onChange={(text) => onChange({ text })} />}
          </Field>
        </div>
      )}
      <div className={styles.axisEnd}>
        {canRange && (
          <Segmented
            label={t('sweep.kind')}
            value={axis.kind}
            onChange={(kind) => onChange({ kind })}
            options={[
              { value: 'values', label: t('sweep.values') },
              { value: 'range', label: t('sweep.range') },
            ]}
          />
        )}
        {onRemove && (
          <IconButton label={t('sweep.remove', { label })} icon={<X size={14} />} size="small" onClick={onRemove} />
        )}
      </div>
    </fieldset>
  )
}
