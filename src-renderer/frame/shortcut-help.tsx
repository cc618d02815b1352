import { useTranslation } from 'react-i18next'
import { setShortcutsOpen, useUiStore } from '../stores/ui-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { keysText } from './keys.ts'
import styles from './shortcut-help.module.css'
import { shortcutGroups } from './shortcut-list.ts'

/** All keys, by where they work. */
export function ShortcutTable() {
  const { t } = useTranslation('frame')
  return (
    <div className={styles.groups}>
      {shortcutGroups.map((group) => (
        <section key={group.title} className={styles.group}>
          <h3>{t(`shortcuts.${group.title}`)}</h3>
          {group.lines.map((line) => (
            <div key={line.text} className={styles.line}>
              <span>{t(`shortcuts.${line.text}`)}</span>
              <span className={styles.keys}>
                {line.keys.map((keys) => (
                  <Kbd key={keys}>{keysText(keys)}</Kbd>
                ))}
              </span>
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}

/** The keys in a dialog, opened by Ctrl and the slash. */
export function ShortcutHelp() {
  const { t } = useTranslation('frame')
  const open = useUiStore((state) => state.shortcutsOpen)
  return (
    <Dialog open={open} onClose={() => setShortcutsOpen(false)} title={t('shortcuts.title')} wide>
      <ShortcutTable />
    </Dialog>
  )
}
