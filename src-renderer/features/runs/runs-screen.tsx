import { Page, PageHead } from '../../ui/panel.tsx'

export function RunsScreen() {
  return (
    <Page>
      <PageHead title={'Runs'} />
    </Page>
  )
}
