import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../src-main/shared/api.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { change } from './change.ts'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

/** Theme and density. */
export function AppearanceSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <div className={styles.section}>
      <Setting name={t('theme')}>
        <Segmented
          label={t('theme')}
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`themes.${value}`) }))}
        />
      </Setting>
      <Setting name={t('density')} hint={t('densityHint')}>
        <Segmented
          label={t('density')}
          value={settings.density}
          onChange={(density) => change({ density })}
          options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t(`densities.${value}`) }))}
        />
      </Setting>
    </div>
  )
}

/** Language of the interface. */
export function LanguageSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings')
  return (
    <Setting name={t('languageLabel')} hint={t('languageHint')}>
      <Segmented
        label={t('languageLabel')}
        value={settings.language}
        onChange={(language) => change({ language })}
        options={[
          { value: 'system', label: t('system') },
          { value: 'en', label: 'English' },
          { value: 'zh', label: '简体中文' },
        ]}
      />
    </Setting>
  )
}
