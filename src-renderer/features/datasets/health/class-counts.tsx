import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClassCount } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Panel } from '../../../ui/panel.tsx'
import { oddClasses } from './odd-classes.ts'
import styles from './statistics.module.css'

const shown = 12

/** How many training pictures each class has; the classes that stand out are marked. */
export function ClassCounts({ classes }: { classes: readonly ClassCount[] }) {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  const [all, setAll] = useState(false)
  const counts = classes.map(({ train }) => train)
  const largest = Math.max(1, ...counts)
  const odd = oddClasses(counts)
  // With many classes those that stand out come first; the rest keeps the order of the labels.
  const order = classes.map((_, label) => label)
  const listed =
    all || classes.length <= shown
      ? order
      : [...order.filter((label) => odd.has(label)), ...order.filter((label) => !odd.has(label))].slice(0, shown)
  return (
    <Panel
      title={t('perClass')}
      note={odd.size > 0 ? t('oddClasses', { count: odd.size }) : ''}
      {...(classes.length > shown && {
        actions: (
          <Button size="small" variant="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('fewerClasses') : t('allClasses', { count: numbers.count(classes.length) })}
          </Button>
        ),
      })}
    >
      <ul className={styles.classCounts}>
        {listed.map((label) => {
          const { name = '', train = 0 } = classes[label] ?? {}
          const isOdd = odd.has(label)
          return (
            <li key={label} className={classNames(isOdd && styles.odd)}>
              <span className={styles.className} title={name}>
                {name}
              </span>
              <span className={styles.classBar} aria-hidden>
                <i style={{ width: `${(train / largest) * 100}%` }} />
              </span>
              <span className={styles.classCount}>{numbers.count(train)}</span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
