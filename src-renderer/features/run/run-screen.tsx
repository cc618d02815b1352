import type { RunTab } from '../../router/routes.ts'
import { Page, PageHead } from '../../ui/panel.tsx'

export function RunScreen(props: { runId: string; tab: RunTab | null }) {
  return (
    <Page>
      <PageHead title={String(Object.values(props)[0])} />
    </Page>
  )
}
