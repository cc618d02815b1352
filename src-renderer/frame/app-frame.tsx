import type { ReactNode } from 'react'
import { AddDatasetDialog } from '../features/datasets/add-dataset-dialog.tsx'
import type { Route } from '../router/routes.ts'
import { useUiStore } from '../stores/ui-store.ts'
import { classNames } from '../ui/class-names.ts'
import styles from './app-frame.module.css'
import { CommandPalette } from './command-palette.tsx'
import { EngineBanner } from './engine-banner.tsx'
import { ShortcutHelp } from './shortcut-help.tsx'
import { SideBar } from './side-bar.tsx'
import { StatusBar } from './status-bar.tsx'
import { TopBar } from './top-bar.tsx'
import { useFolderDrop } from './use-folder-drop.ts'
import { useMediaQuery } from './use-media-query.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** The four fixed regions: top bar, sidebar, main, status bar. */
export function AppFrame({ route, children }: { route: Route; children: ReactNode }) {
  const small = useMediaQuery('(max-width: 1099px)')
  const chosen = useUiStore((state) => state.sidebarNarrow)
  const narrow = chosen ?? small
  useShortcuts()
  useFolderDrop()
  return (
    <div className={classNames(styles.frame, narrow && styles.narrow)}>
      <TopBar route={route} narrow={narrow} />
      <SideBar route={route} narrow={narrow} />
      <main className={styles.main} id="main" tabIndex={-1}>
        <EngineBanner />
        {children}
      </main>
      <StatusBar />
      <CommandPalette />
      <ShortcutHelp />
      <AddDatasetDialog />
    </div>
  )
}
