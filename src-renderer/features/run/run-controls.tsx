// Pause, resume and stop in the head of a run.
import { ChevronDown, Cpu, Flag, MemoryStick, Pause, Play, Square, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import type { InterruptionCause } from '../../../src-main/shared/saved-state.ts'
import { keysText } from '../../frame/keys.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { useChoice } from '../../stores/ui-store.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { pauseRun, resumeRun, stopRun } from './run-actions.ts'
import styles from './run-controls.module.css'
import { brokenOff, mainSeed, savedState } from './run-facts.ts'

/** Causes after which going on as before is not what to do next: the verdict is, or something that helps. */
const otherNextStep: readonly InterruptionCause[] = ['stopped', 'not-finite', 'out-of-memory']

/** Pause while it trains, how long the pausing takes, and Resume once the run stands still. */
export function PauseControl({ run }: { run: RunDetail }) {
  if (run.status === 'running') return <PauseButton run={run} />
  if (run.status === 'pausing') return <Pausing />
  const stop = brokenOff(run)
  return stop ? <ResumeButton run={run} plain={otherNextStep.includes(stop.cause)} /> : null
}

function PauseButton({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const way = useChoice<'keep' | 'free'>('pause', 'keep')
  const entries: MenuEntry[] = (['keep', 'free'] as const).map((kind) => ({
    label: t(`pause.${kind}`),
    hint: t(`pause.${kind}Hint`),
    icon: kind === 'keep' ? <MemoryStick size={14} /> : <Cpu size={14} />,
    ...(kind === way && { keys: 'P' }),
    onSelect: () => void pauseRun(run, kind === 'keep'),
  }))
  return (
    <span className={styles.split}>
      <Button
        icon={<Pause size={14} />}
        title={`${t(`pause.${way}`)} (P)`}
        onClick={() => void pauseRun(run, way === 'keep')}
      >
        {t('pause.button')}
      </Button>
      <Menu
        align="end"
        trigger={<IconButton variant="plain" label={t('pause.how')} icon={<ChevronDown size={14} />} />}
        entries={entries}
      />
    </span>
  )
}

/** Counts the seconds since the pause was asked for. */
function Pausing() {
  const { t } = useTranslation('run')
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const since = Date.now()
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - since) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <Button busy className={styles.pausing}>
      {t('pause.pausing', { seconds })}
    </Button>
  )
}

/** Lets the run go on; says how long it will take where that is known. */
export function ResumeButton({ run, plain }: { run: Pick<RunDetail, 'id' | 'secondsLeft'>; plain?: boolean }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  return (
    <Button
      variant={plain ? 'plain' : 'primary'}
      icon={<Play size={14} />}
      title={plain ? undefined : 'P'}
      onClick={() => void resumeRun(run)}
    >
      {run.secondsLeft === null
        ? t('pause.resume')
        : t('pause.resumeLeft', { time: numbers.duration(run.secondsLeft) })}
    </Button>
  )
}

export function StopMenu({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const days = useEngineStore((state) => state.settings?.binDays ?? 0)
  const { live } = run
  const judged = run.seeds.filter(({ status }) => status === 'finished').length
  const seed = run.interruption?.seed ?? mainSeed(run)
  const state = savedState(run, seed)
  const saved = state && { step: numbers.count(state.step), size: numbers.bytes(state.bytes) }
  const stepsToGo = live && live.stepsPerEpoch > 0 ? live.stepsPerEpoch - (live.step % live.stepsPerEpoch) : null
  const epochSeconds = live?.stepSeconds && stepsToGo !== null ? stepsToGo * live.stepSeconds : null
  const entries: MenuEntry[] = [
    ...(run.status === 'paused'
      ? []
      : [
          {
            label: t('stop.epoch'),
            hint:
              epochSeconds === null
                ? t('stop.epochHint', { judged })
                : t('stop.epochHintTime', { judged, time: numbers.duration(epochSeconds, { about: true }) }),
            keys: keysText('Shift+S'),
            icon: <Flag size={14} />,
            disabled: run.status !== 'running',
            onSelect: () => void stopRun(run, 'epoch'),
          },
        ]),
    {
      label: t('stop.now'),
      hint: !saved ? t('stop.nowHint') : t(run.status === 'paused' ? 'stop.nowHintPaused' : 'stop.nowHintSaved', saved),
      icon: <Square size={14} />,
      onSelect: () => void stopRun(run, 'now'),
    },
    { separator: 'bin' },
    {
      label: t('stop.bin'),
      hint: run.diskBytes ? t('stop.binHintFrees', { size: numbers.bytes(run.diskBytes), days }) : t('stop.binHint'),
      danger: true,
      icon: <Trash2 size={14} />,
      onSelect: () => void stopRun(run, 'bin'),
    },
  ]
  return (
    <Menu align="end" trigger={<Button icon={<Square size={14} />}>{t('stop.button')}</Button>} entries={entries} />
  )
}
