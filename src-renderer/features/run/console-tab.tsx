// The log of a run: filter by level, copy, follows the newest line while the reader is at the end.
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine } from '../../../src-main/shared/api.ts'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { showToast } from '../../ui/toast.tsx'
import styles from './console-tab.module.css'
import { type LogFilter, linesOfLevel, logText, logTime } from './log-lines.ts'

export function ConsoleTab({ log }: { log: readonly LogLine[] }) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const [filter, setFilter] = useState<LogFilter>('all')
  const lines = linesOfLevel(log, filter)
  const scroll = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 20,
    overscan: 20,
  })
  useEffect(() => {
    if (following && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [following, lines.length, virtual])
  const copy = async () => {
    await navigator.clipboard.writeText(logText(lines))
    showToast({ title: t('sharedWords:copied') })
  }
  return (
    <div className={styles.console}>
      <div className={styles.bar}>
        <Segmented
          label={t('console.filter')}
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: t('console.all') },
            { value: 'warn', label: t('console.warnings') },
            { value: 'error', label: t('console.errors') },
          ]}
        />
        <span className={styles.quiet}>{t('console.lines', { count: lines.length })}</span>
        <span className={styles.space} />
        {!following && (
          <Button size="small" variant="ghost" icon={<ArrowDown size={14} />} onClick={() => setFollowing(true)}>
            {t('console.toEnd')}
          </Button>
        )}
        <Button size="small" icon={<Copy size={14} />} onClick={() => void copy()}>
          {t('console.copy')}
        </Button>
      </div>
      {lines.length === 0 ? (
        <p className={styles.empty}>{log.length === 0 ? t('console.none') : t('console.noneOfLevel')}</p>
      ) : (
        <div
          ref={scroll}
          className={styles.lines}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) =>
            setFollowing(scrollTop + clientHeight >= scrollHeight - 24)
          }
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map(({ index, key, start }) => {
              const line = lines[index]
              return (
                line && (
                  <div
                    key={key}
                    ref={virtual.measureElement}
                    data-index={index}
                    data-level={line.level}
                    className={styles.line}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <time>{logTime(line.at)}</time>
                    <span className={styles.level}>
                      {line.level === 'info' ? '' : t(`console.level.${line.level}`)}
                    </span>
                    <span className={styles.text}>{line.text}</span>
                  </div>
                )
              )
            })}
          </div>
        </div>
      )}
    </div>
  )
}
