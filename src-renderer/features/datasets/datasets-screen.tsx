import { Page, PageHead } from '../../ui/panel.tsx'

export function DatasetsScreen(props: { datasetId: string | null }) {
  return (
    <Page>
      <PageHead title={String(Object.values(props)[0])} />
    </Page>
  )
}
