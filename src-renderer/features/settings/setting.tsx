import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../src-main/shared/api.ts'
import { Switch } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { change } from './change.ts'
import styles from './settings.module.css'

/** One setting: its name, the control, a quiet sentence. */
export function Setting({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.setting}>
      <span className={styles.settingName}>{name}</span>
      {children}
      {hint && <span className={styles.hint}>{hint}</span>}
    </div>
  )
}

type SwitchName = 'background' | 'resumeByItself' | 'keepAwake' | 'notifyWhenDone'

/** A setting that is on or off. */
export function SwitchSetting({ settings, name }: { settings: Settings; name: SwitchName }) {
  const { t } = useTranslation('settings')
  return (
    <div className={styles.setting}>
      <Switch checked={settings[name]} onChange={(on) => change({ [name]: on })}>
        {t(name)}
      </Switch>
      <span className={styles.hint}>{t(`${name}Hint`)}</span>
    </div>
  )
}

export interface NumberSettingProps {
  name: 'maxCelsius' | 'minFree' | 'binDays'
  value: number
  unit: string
  max: number
  step: number
  whole?: boolean
  onChange: (value: number) => void
}

const settleMs = 500

/** A setting that is a number, 0 for off; it holds a moment after the last edit. */
export function NumberSetting({ name, value, unit, max, step, whole = false, onChange }: NumberSettingProps) {
  const { t } = useTranslation('settings')
  const [edited, setEdited] = useState<number | null>(null)
  const fits = (number: number) => number >= 0 && number <= max && (!whole || Number.isInteger(number))
  useEffect(() => {
    if (edited === null || !fits(edited)) return
    const timer = setTimeout(() => {
      setEdited(null)
      if (edited !== value) onChange(edited)
    }, settleMs)
    return () => clearTimeout(timer)
  }, [edited])
  const shown = edited ?? value
  return (
    <div className={styles.number}>
      <Field
        label={<span className={styles.settingName}>{t(name)}</span>}
        error={fits(shown) ? null : t(whole ? 'wholeRange' : 'range', { max })}
        hint={<span className={styles.hint}>{t(shown === 0 ? `${name}Off` : `${name}Hint`)}</span>}
      >
        {(control) => (
          <div className={styles.numberBox}>
            <NumberField
              {...control}
              value={shown}
              unit={unit}
              step={{ add: step }}
              min={0}
              max={max}
              integer={whole}
              onChange={(number) => number !== null && setEdited(number)}
            />
          </div>
        )}
      </Field>
    </div>
  )
}
