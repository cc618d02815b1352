// The right side of the form: whether the run can start, what it will cost, and the start itself.
import { ListPlus, Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Preflight, PreflightCheck } from '../../../src-main/shared/api.ts'
import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'
import { errorWords } from '../../frame/error-words.ts'
import { keysText } from '../../frame/keys.ts'
import { useLanguage, useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { putDataset, useEngineStore } from '../../stores/engine-store.ts'
import { liveRun, queuedRuns, useRunsStore } from '../../stores/runs-store.ts'
import { Button } from '../../ui/button.tsx'
import { CheckList } from '../../ui/check-list.tsx'
import { Note } from '../../ui/note.tsx'
import { type CheckFix, checkWords } from './check-words.ts'
import styles from './new-run.module.css'
import type { PreflightState } from './use-preflight.ts'

export interface BeforeStartProps {
  state: PreflightState
  datasetId: string
  seeds: number
  /** Fields that hold no valid value. */
  problems: number
  starting: boolean
  onSeeds: (count: number) => void
  onShowChanges: () => void
  onStart: (first: boolean) => void
  onCopyCommand: () => void
  onDiscard: (() => void) | null
}

export function BeforeStart(props: BeforeStartProps) {
  const { state } = props
  const { t } = useTranslation('newRun')
  const { preflight, refused, checking } = state
  const count = (wanted: PreflightCheck['state']) =>
    (preflight?.checks ?? []).filter((check) => check.state === wanted).length
  return (
    <aside className={styles.before} aria-label={t('before')}>
      <div className={styles.beforeBody}>
        <div className={styles.beforeHead}>
          <h2>{t('before')}</h2>
          <span className={styles.quiet} role="status">
            {checking || !preflight
              ? t('checking')
              : t('checkCounts', { pass: count('pass'), note: count('note'), fail: count('fail') })}
          </span>
        </div>
        {refused && <Refusal refused={refused} />}
        {preflight && (
          <div data-stale={checking || refused !== null} className={styles.answers}>
            <Checks {...props} preflight={preflight} />
            <Estimates {...props} preflight={preflight} />
          </div>
        )}
      </div>
      <StartFoot {...props} />
    </aside>
  )
}

function Refusal({ refused }: { refused: NonNullable<PreflightState['refused']> }) {
  const { t } = useTranslation('newRun')
  const { message, lines } = errorWords(refused, useLanguage())
  return (
    <Note tone="danger" title={`${t('refused')}.`}>
      {[message, ...lines].join(' ')}
    </Note>
  )
}

function Checks({ preflight, datasetId, onSeeds, onShowChanges }: BeforeStartProps & { preflight: Preflight }) {
  const { t } = useTranslation(['newRun', 'sharedWords'])
  const numbers = useNumbers()
  const data = useEngineStore((state) => state.datasets?.find(({ id }) => id === datasetId) ?? null)
  const fixButton = (fix: CheckFix | null) => {
    if (fix === null) return undefined
    const fixes: Record<CheckFix['kind'], { label: string; act: () => void }> = {
      install: { label: t('check.install'), act: () => void attempt(() => engineClient().setup.installTensorflow()) },
      fetch: {
        label: t('check.fetch'),
        act: () => void attempt(async () => putDataset(await engineClient().datasets.fetch(datasetId))),
      },
      'show-data': { label: t('check.showData'), act: () => navigate({ view: 'dataset', datasetId, tab: 'health' }) },
      seeds: {
        label: fix.kind === 'seeds' ? t('check.useSeeds', { count: fix.count }) : '',
        act: () => fix.kind === 'seeds' && onSeeds(fix.count),
      },
      'show-changes': { label: t('check.show'), act: onShowChanges },
    }
    const { label, act } = fixes[fix.kind]
    return (
      <Button size="small" onClick={act}>
        {label}
      </Button>
    )
  }
  const seedsText = (count: number) => t('sharedWords:seeds', { count })
  return (
    <CheckList
      checks={preflight.checks.map((check) => {
        const words = checkWords(check, { data, numbers, seedsText })
        return {
          id: check.id,
          state: check.state,
          stateLabel: t(`checkState.${check.state}`),
          title: t(`check.${words.title}`, words.values),
          detail: typeof words.detail === 'string' ? t(`check.${words.detail}`, words.values) : words.detail.plain,
          action: fixButton(words.fix),
        }
      })}
    />
  )
}

function Estimates({ preflight, seeds }: BeforeStartProps & { preflight: Preflight }) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const runs = useRunsStore((state) => state.runs)
  const free = useEngineStore((state) => state.machine?.diskFreeBytes)
  const before = queuedRuns(runs).length + (liveRun(runs) ? 1 : 0)
  const about = { about: !preflight.secondsMeasured }
  const figures = [
    {
      name: t('estimate.oneSeed'),
      value: numbers.duration(preflight.secondsPerSeed, about),
      note: preflight.secondsMeasured ? t('estimate.measured') : t('estimate.estimated'),
    },
    {
      name: t('estimate.allSeeds', { count: seeds }),
      value: numbers.duration(preflight.seconds, about),
      note:
        before > 0
          ? t('estimate.untilAfterQueue', { count: before })
          : t('estimate.until', { time: numbers.clock(Date.now() + preflight.seconds * 1000) }),
    },
    {
      name: t('estimate.disk'),
      value: numbers.bytes(preflight.diskBytes),
      note: t('estimate.diskFree', { free: numbers.bytes(free) }),
    },
  ]
  return (
    <dl className={styles.estimates}>
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={styles.estimate}>{value}</dd>
          <dd className={styles.quiet}>{note}</dd>
        </div>
      ))}
    </dl>
  )
}

function StartFoot(props: BeforeStartProps) {
  const { state, problems, starting, onStart, onCopyCommand, onDiscard } = props
  const { t } = useTranslation('newRun')
  const runs = useRunsStore((store) => store.runs)
  const online = useEngineStore((store) => store.connection === 'online')
  const live = liveRun(runs)
  const queued = queuedRuns(runs)
  const busy = live !== null || queued.length > 0
  const failed = (state.preflight?.checks ?? []).filter((check) => check.state === 'fail')
  const blocked = state.refused !== null || problems > 0 || failed.some((check) => check.blocking) || !online
  const last = queued.at(-1) ?? live
  return (
    <div className={styles.startFoot}>
      {problems > 0 && <span className={styles.mistakes}>{t('fixFields', { count: problems })}</span>}
      {problems === 0 && busy && last && <span className={styles.quiet}>{t('startsAfter', { run: last.name })}</span>}
      <div className={styles.startButtons}>
        <Button
          variant="primary"
          size="large"
          grow
          icon={busy ? <ListPlus size={14} /> : <Play size={14} />}
          keys={keysText('Mod+⏎')}
          busy={starting}
          disabled={blocked}
          onClick={() => onStart(false)}
        >
          {failed.length > 0 ? t('startAnyway') : busy ? t('addToQueue') : t('start')}
        </Button>
        {busy && (
          <Button
            size="large"
            disabled={blocked || starting}
            title={keysText('Mod+Shift+⏎')}
            onClick={() => onStart(true)}
          >
            {t('queueFirst')}
          </Button>
        )}
      </div>
      <div className={styles.footLinks}>
        <button type="button" className={styles.textButton} onClick={onCopyCommand}>
          {t('copyCommand')}
        </button>
        {onDiscard && (
          <button type="button" className={styles.textButton} onClick={onDiscard}>
            {t('discard')}
          </button>
        )}
      </div>
    </div>
  )
}
