import { Page, PageHead } from '../../ui/panel.tsx'

export function HomeScreen() {
  return (
    <Page>
      <PageHead title={'Home'} />
    </Page>
  )
}
