import { Page, PageHead } from '../../ui/panel.tsx'

export function RecipesScreen(props: { recipeId: string | null }) {
  return (
    <Page>
      <PageHead title={String(Object.values(props)[0])} />
    </Page>
  )
}
