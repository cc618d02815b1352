// What a run told beside its figures, the newest first; it stays with the run when that is over.
import { Info, OctagonAlert, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LogLine, RunDetail } from '../../../src-main/shared/api.ts'
import type { RunAlert } from '../../../src-main/shared/run-alerts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { routePath } from '../../router/routes.ts'
import { alertWords, ruleSection } from './alert-words.ts'
import styles from './run-screen.module.css'

const icons = {
  info: <Info size={14} aria-hidden />,
  warn: <TriangleAlert size={14} aria-hidden />,
  error: <OctagonAlert size={14} aria-hidden />,
}

export function AlertList({ run, log }: { run: RunDetail; log: readonly LogLine[] }) {
  const { t } = useTranslation('run')
  const newestFirst = [...run.alerts].sort((a, b) => b.at - a.at)
  const remarks = log.filter(({ level }) => level !== 'info').length
  return (
    <section className={styles.sideSection} aria-label={t('alerts.title')}>
      <div className={styles.sideHead}>
        <h2>
          {t('alerts.title')} <span className={styles.count}>{newestFirst.length > 0 ? newestFirst.length : ''}</span>
        </h2>
        <a className={styles.small} href={routePath({ view: 'settings', section: 'compute' })}>
          {t('alerts.rules')}
        </a>
      </div>
      {newestFirst.length === 0 && <p className={styles.quiet}>{t('alerts.none')}</p>}
      <ul className={styles.alerts}>
        {newestFirst.map((alert, index) => (
          <AlertLine key={`${alert.at} ${alert.kind} ${newestFirst.length - index}`} run={run} alert={alert} />
        ))}
      </ul>
      {remarks > 0 && (
        <a className={styles.small} href={routePath({ view: 'run', runId: run.id, tab: 'console' })}>
          {t('alerts.inConsole', { count: remarks })}
        </a>
      )}
    </section>
  )
}

function AlertLine({ run, alert }: { run: RunDetail; alert: RunAlert }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const { kind, level, values } = alertWords(alert, numbers)
  const section = ruleSection(kind)
  return (
    <li className={styles.alert} data-level={level}>
      {icons[level]}
      <div>
        <p>
          <span className={styles.hidden}>{t(`alerts.level.${level}`)} </span>
          <b>{t(`alert.${kind}.title`, values)}</b>
          {numbers.language === 'zh' ? '' : ' '}
          {t(`alert.${kind}.text`, values)}
        </p>
        <span className={styles.quiet}>
          {numbers.clock(alert.at)}
          {alert.seed !== null && run.seeds.length > 1 && ` · ${t('seed.name', { seed: alert.seed })}`}
          {section && (
            <>
              {' · '}
              <a href={routePath({ view: 'settings', section })}>{t('alerts.changeLimit')}</a>
            </>
          )}
        </span>
      </div>
    </li>
  )
}
