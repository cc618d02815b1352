import { useTranslation } from 'react-i18next'
import type { MachineInfo, Settings } from '../../../src-main/shared/api.ts'
import { ShortcutTable } from '../../frame/shortcut-help.tsx'
import { type SettingsSection, settingsSections } from '../../router/routes.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Skeleton } from '../../ui/empty-state.tsx'
import { Page, PageBody, PageHead } from '../../ui/panel.tsx'
import { AboutSection, NetworkSection } from './about-sections.tsx'
import { AppearanceSection, LanguageSection } from './look-sections.tsx'
import { ComputeSection, StorageSection } from './machine-sections.tsx'
import styles from './settings.module.css'

function Section(props: { section: SettingsSection; settings: Settings; machine: MachineInfo }) {
  const { section, settings, machine } = props
  switch (section) {
    case 'appearance':
      return <AppearanceSection settings={settings} />
    case 'language':
      return <LanguageSection settings={settings} />
    case 'compute':
      return <ComputeSection settings={settings} machine={machine} />
    case 'storage':
      return <StorageSection settings={settings} machine={machine} />
    case 'shortcuts':
      return <ShortcutTable />
    case 'network':
      return <NetworkSection machine={machine} />
    case 'about':
      return <AboutSection machine={machine} />
  }
}

/** Settings by section; every change holds at once. */
export function SettingsScreen({ section }: { section: SettingsSection }) {
  const { t } = useTranslation('settings')
  const settings = useEngineStore((state) => state.settings)
  const machine = useEngineStore((state) => state.machine)
  return (
    <Page>
      <PageHead title={t('title')} />
      <div className={styles.columns}>
        <nav className={styles.nav} aria-label={t('title')}>
          {settingsSections.map((one) => (
            <a key={one} href={`/settings/${one}`} aria-current={one === section ? 'page' : undefined}>
              {t(`sections.${one}`)}
            </a>
          ))}
        </nav>
        <PageBody>
          <div className={styles.body}>
            <h2>{t(`sections.${section}`)}</h2>
            {settings && machine ? (
              <Section section={section} settings={settings} machine={machine} />
            ) : (
              <Skeleton words={t('readingSettings')} />
            )}
          </div>
        </PageBody>
      </div>
    </Page>
  )
}
