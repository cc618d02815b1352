// One setting of the form, drawn by its kind; yellow when it differs from the recipe, with the recipe's value beside it.
import { CircleHelp, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ConfigField, type FieldValue, parseFieldText } from '../../../src-main/shared/config-fields.ts'
import { pointFields, useConfigTexts } from '../../i18n/config-texts.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Switch } from '../../ui/checkbox.tsx'
import { Field, type FieldControl } from '../../ui/field.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Select, type SelectOption } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { FieldProblem } from './draft.ts'
import styles from './settings-form.module.css'

export interface SettingFieldProps {
  field: ConfigField
  value: FieldValue
  recipeValue: FieldValue
  unit: string | undefined
  problem: FieldProblem | undefined
  unreadable: boolean
  /** A known trap of the recipe about this setting. */
  trap: string | undefined
  onChange: (value: FieldValue | null) => void
  onReset: () => void
}

export function SettingField(props: SettingFieldProps) {
  const { field, value, recipeValue, problem, unreadable, trap, onReset } = props
  const { t } = useTranslation(['newRun', 'sharedWords'])
  const texts = useConfigTexts()
  const changed = JSON.stringify(value) !== JSON.stringify(recipeValue)
  const label = texts.label(field)
  const meaning = texts.meaning(field, value)
  const error = unreadable ? t('notReadable') : problem ? t('outOfRange', { expected: problem.expected }) : null
  return (
    <fieldset
      className={styles.setting}
      data-key={field.key}
      onKeyDown={(event) => {
        if (!event.altKey || event.key.toLowerCase() !== 'r' || (!changed && !unreadable)) return
        event.preventDefault()
        onReset()
      }}
      aria-label={label}
    >
      <Field
        label={label}
        changed={changed || unreadable ? t('sharedWords:changed') : null}
        error={error}
        hint={
          changed ? (
            <>
              {t('recipeValue', { value: texts.value(field, recipeValue) })}
              <ResetButton label={t('useRecipeValue')} onClick={onReset} />
            </>
          ) : (
            meaning && `${value} = ${meaning}`
          )
        }
      >
        {(control) => <Control {...props} control={control} changed={changed} />}
      </Field>
      {error && <ResetButton label={t('useRecipeValue')} onClick={onReset} />}
      {changed && trap && <span className={styles.trap}>{t('trap', { text: trap })}</span>}
      <Tooltip text={texts.help(field)}>
        <button type="button" className={styles.help} aria-label={t('help', { label })}>
          <CircleHelp size={13} />
        </button>
      </Tooltip>
    </fieldset>
  )
}

function ResetButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={styles.reset} aria-label={label} title={`${label} (Alt R)`} onClick={onClick}>
      <Undo2 size={13} />
    </button>
  )
}

type ControlProps = SettingFieldProps & { control: FieldControl; changed: boolean }

function Control(props: ControlProps) {
  const { field, value, control, changed, onChange } = props
  const { t } = useTranslation('newRun')
  const texts = useConfigTexts()
  if (field.key === 'data.dataset' || field.key === 'compute.device') return <NamedControl {...props} />
  switch (field.kind) {
    case 'boolean':
      return (
        <Switch {...control} checked={value === true} onChange={onChange} aria-label={texts.label(field)}>
          {texts.value(field, value)}
        </Switch>
      )
    case 'choice':
      return (
        <Select
          {...control}
          value={String(value)}
          changed={changed}
          onChange={onChange}
          options={field.choices.map((choice) => {
            const help = texts.choiceHelp(field, choice)
            return {
              value: choice,
              label: texts.choice(field, choice),
              ...(choice === props.recipeValue && { note: t('recipeChoice') }),
              ...(help !== undefined && { hint: help }),
            }
          })}
        />
      )
    case 'number':
    case 'integer':
      return <NumberControl {...props} />
    default:
      return <TextControl {...props} />
  }
}

function NumberControl({ field, value, unit, control, changed, onChange }: ControlProps) {
  const texts = useConfigTexts()
  // A tolerance is stored as a fraction and read in percentage points.
  const factor = pointFields.includes(field.key) ? 100 : 1
  const scaled = (number: number) => Number((number * factor).toPrecision(12))
  const step = field.step && 'add' in field.step ? { add: scaled(field.step.add) } : field.step
  const shownUnit = factor === 100 ? 'pp' : unit
  return (
    <NumberField
      {...control}
      value={scaled(Number(value))}
      changed={changed}
      integer={field.kind === 'integer'}
      {...(shownUnit !== undefined && { unit: texts.unit(shownUnit) })}
      {...(step !== undefined && { step })}
      {...(field.min !== undefined && Math.abs(field.min) < Number.MAX_SAFE_INTEGER && { min: scaled(field.min) })}
      {...(field.max !== undefined && field.max < Number.MAX_SAFE_INTEGER && { max: scaled(field.max) })}
      onChange={(number) => onChange(number === null ? null : Number((number / factor).toPrecision(12)))}
    />
  )
}

function TextControl({ field, value, unit, unreadable, control, changed, onChange }: ControlProps) {
  const texts = useConfigTexts()
  const stored = Array.isArray(value) ? value.join(', ') : String(value)
  const [draft, setDraft] = useState<string | null>(null)
  // A value that came from elsewhere, such as the recipe's, takes the place of what was typed.
  const shown = draft !== null && (unreadable || isSameValue(field, draft, value)) ? draft : stored
  return (
    <TextField
      {...control}
      value={shown}
      changed={changed || unreadable}
      end={unit && <span className={styles.unit}>{texts.unit(unit)}</span>}
      onChange={(text) => {
        setDraft(text)
        try {
          onChange(parseFieldText(field, text))
        } catch {
          onChange(null)
        }
      }}
      onBlur={() => !unreadable && setDraft(null)}
    />
  )
}

function isSameValue(field: ConfigField, text: string, value: FieldValue): boolean {
  try {
    return JSON.stringify(parseFieldText(field, text)) === JSON.stringify(value)
  } catch {
    return false
  }
}

/** Settings whose values are names that this machine knows: its data sets and devices. */
function NamedControl({ field, value, recipeValue, control, changed, onChange }: ControlProps) {
  const { t } = useTranslation('newRun')
  const datasets = useEngineStore((state) => state.datasets)
  const gpu = useEngineStore((state) => state.machine?.gpu)
  const known: SelectOption<string>[] =
    field.key === 'data.dataset'
      ? (datasets ?? []).map(({ id, label }) => ({ value: id, label }))
      : [
          { value: 'auto', label: 'auto' },
          { value: 'cpu', label: 'CPU' },
          ...(gpu ? [{ value: 'gpu:0', label: gpu }] : []),
        ]
  const current = String(value)
  const options = known.some((option) => option.value === current)
    ? known
    : [...known, { value: current, label: current }]
  return (
    <Select
      {...control}
      value={current}
      changed={changed}
      onChange={onChange}
      options={options.map((option) => ({
        ...option,
        ...(option.value === recipeValue && { note: t('recipeChoice') }),
      }))}
    />
  )
}
