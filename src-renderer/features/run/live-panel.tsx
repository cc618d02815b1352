// Beside the charts: the machine while it trains, what it was when it is over, and what needs a look.
import { Cpu, Hourglass, MemoryStick } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine, RunDetail } from '../../../src-main/shared/api.ts'
import { Sparkline } from '../../charts/sparkline.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { KeyValues } from '../../ui/panel.tsx'
import { AlertList } from './alert-list.tsx'
import { isAtWork } from './run-facts.ts'
import styles from './run-screen.module.css'

const shownSeconds = 60

export function LivePanel({ run, log }: { run: RunDetail; log: readonly LogLine[] }) {
  return (
    <aside className={styles.side}>
      {isAtWork(run) ? <MachineNow run={run} /> : <MachineThen run={run} />}
      <AlertList run={run} log={log} />
    </aside>
  )
}

function MachineNow({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const memory = useEngineStore((state) => state.machine?.memoryBytes)
  const samples = run.live?.machine ?? []
  const newest = samples.at(-1)
  const shown = samples.filter(({ at }) => newest && newest.at - at <= shownSeconds * 1000)
  const rows: { icon: ReactNode; name: string; values: number[]; domain: [number, number]; value: string }[] = [
    {
      icon: <Cpu size={14} aria-hidden />,
      name: t('machine.cpu'),
      values: shown.map(({ cpu }) => cpu),
      domain: [0, 1],
      value: numbers.progress(newest?.cpu),
    },
    {
      icon: <MemoryStick size={14} aria-hidden />,
      name: t('machine.memory'),
      values: shown.map(({ rssBytes }) => rssBytes),
      domain: [0, memory ?? Math.max(1, ...shown.map(({ rssBytes }) => rssBytes))],
      value: numbers.bytes(newest?.rssBytes),
    },
    {
      icon: <Hourglass size={14} aria-hidden />,
      name: t('machine.dataWait'),
      values: shown.map(({ dataWait }) => dataWait),
      domain: [0, 1],
      value: numbers.progress(newest?.dataWait),
    },
  ]
  return (
    <section className={styles.sideSection} aria-label={t('machine.title')}>
      <div className={styles.sideHead}>
        <h2>{t('machine.title')}</h2>
        <span className={styles.quiet}>{t('machine.last', { seconds: shownSeconds })}</span>
      </div>
      {newest ? (
        rows.map(({ icon, name, values, domain, value }) => (
          <div key={name} className={styles.machineRow}>
            {icon}
            <span>{name}</span>
            <Sparkline values={values} domain={domain} />
            <span className={styles.machineValue}>{value}</span>
          </div>
        ))
      ) : (
        <p className={styles.quiet}>{t('machine.noneYet')}</p>
      )}
    </section>
  )
}

function MachineThen({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const { environment } = run
  const finished = run.seeds.filter(({ result }) => result)
  const perSeed = finished.reduce((sum, { result }) => sum + (result?.trainSeconds ?? 0), 0) / finished.length
  return (
    <section className={styles.sideSection} aria-label={t('machine.title')}>
      <div className={styles.sideHead}>
        <h2>{t('machine.title')}</h2>
      </div>
      {environment ? (
        <KeyValues
          entries={[
            [t('machine.ran'), `${environment.device}, ${t('config.cores', { count: environment.cores })}`],
            [t('config.precision'), environment.precision],
            [t('machine.time'), numbers.duration(run.seconds)],
            ...(finished.length > 1 ? [['', t('machine.perSeed', { time: numbers.duration(perSeed) })] as const] : []),
            ['TensorFlow', environment.tensorflow],
          ]}
        />
      ) : (
        <p className={styles.quiet}>{t('config.unknown')}</p>
      )}
    </section>
  )
}
