import { Dialog } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setPaletteOpen, useUiStore } from '../stores/ui-store.ts'
import { Kbd } from '../ui/kbd.tsx'
import styles from './command-palette.module.css'
import { type PaletteEntry, usePaletteEntries } from './palette-entries.ts'

const groups = ['actions', 'recipes', 'runs', 'datasets', 'settings'] as const

/** One list of actions, recipes, runs, data sets and settings. A ">" in front leaves only actions. */
export function CommandPalette() {
  const { t } = useTranslation('frame')
  const open = useUiStore((state) => state.paletteOpen)
  return (
    <Dialog.Root open={open} onOpenChange={setPaletteOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.dialog} aria-label={t('palette.title')}>
          <PaletteList />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteList() {
  const { t } = useTranslation('frame')
  const entries = usePaletteEntries()
  const [query, setQuery] = useState('')
  const actionsOnly = query.startsWith('>')
  const run = (entry: PaletteEntry) => {
    setPaletteOpen(false)
    entry.run()
  }
  return (
    <Command
      label={t('palette.title')}
      loop
      filter={(value, search, keywords) => matchScore([value, ...(keywords ?? [])].join(' '), search)}
    >
      <div className={styles.head}>
        <Search size={16} aria-hidden />
        <Command.Input
          className={styles.input}
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={t('palette.placeholder')}
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className={styles.list}>
        <Command.Empty className={styles.empty}>{t('palette.nothing', { query })}</Command.Empty>
        {groups
          .filter((group) => !actionsOnly || group === 'actions')
          .map((group) => {
            const own = entries.filter((entry) => entry.group === group)
            if (own.length === 0) return null
            return (
              <Command.Group key={group} heading={t(`palette.${group}`)}>
                {own.map((entry) => (
                  <Command.Item
                    key={entry.id}
                    value={entry.id}
                    keywords={[entry.label, ...entry.keywords]}
                    className={styles.item}
                    onSelect={() => run(entry)}
                  >
                    <entry.icon size={14} aria-hidden />
                    <span>{entry.label}</span>
                    <span className={styles.note}>{entry.keys ? <Kbd>{entry.keys}</Kbd> : entry.note}</span>
                  </Command.Item>
                ))}
              </Command.Group>
            )
          })}
      </Command.List>
    </Command>
  )
}

/** Every word of the search must occur; earlier and whole-word places rank higher. */
function matchScore(text: string, search: string): number {
  const haystack = text.toLowerCase()
  const words = search.replace(/^>/, '').toLowerCase().split(/\s+/).filter(Boolean)
  let score = 1
  for (const word of words) {
    const at = haystack.indexOf(word)
    if (at < 0) return 0
    const startsWord = at === 0 || /[^\p{L}\p{N}]/u.test(haystack[at - 1] ?? '')
    score *= (startsWord ? 0.9 : 0.5) / (1 + at / 1000)
  }
  return score
}
