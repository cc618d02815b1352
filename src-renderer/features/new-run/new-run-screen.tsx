import { Page, PageHead } from '../../ui/panel.tsx'

export function NewRunScreen(props: { recipeId: string | null; from: string | null }) {
  return (
    <Page>
      <PageHead title={String(Object.values(props)[0])} />
    </Page>
  )
}
