import type { SettingsSection } from '../../router/routes.ts'
import { Page, PageHead } from '../../ui/panel.tsx'

export function SettingsScreen(props: { section: SettingsSection }) {
  return (
    <Page>
      <PageHead title={String(Object.values(props)[0])} />
    </Page>
  )
}
