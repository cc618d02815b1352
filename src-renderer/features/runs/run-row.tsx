import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecipeSummary, RunSummary } from '../../../src-main/shared/api.ts'
import { Sparkline } from '../../charts/sparkline.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { missing } from '../../i18n/numbers.ts'
import { navigate } from '../../router/router.ts'
import { isLive, shortName, useRunsStore, waitsToGoOn } from '../../stores/runs-store.ts'
import { selectRuns } from '../../stores/selection-store.ts'
import { ChangedTag } from '../../ui/changed-tag.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { classNames } from '../../ui/class-names.ts'
import { isOnControl } from '../../ui/row-focus.ts'
import { NumberCell } from '../../ui/table.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { RunStatusBadge } from '../verdict/run-status-badge.tsx'
import { RunVerdictScale } from '../verdict/run-verdict-scale.tsx'
import { renameRun } from './rename-run.ts'
import { finishedSeeds, runFigure } from './run-list.ts'
import styles from './runs.module.css'

function RenameField({ run, onDone }: { run: RunSummary; onDone: () => void }) {
  const { t } = useTranslation('runs')
  const [name, setName] = useState(run.name)
  const keep = () => {
    void renameRun(run, name)
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter') keep()
    if (event.key === 'Escape') onDone()
  }
  return (
    <TextField
      className={styles.rename}
      aria-label={t('renameLabel', { name: run.name })}
      value={name}
      onChange={setName}
      onKeyDown={onKeyDown}
      onBlur={keep}
      autoFocus
      onFocus={(event) => event.target.select()}
    />
  )
}

function Curve({ run, paper }: { run: RunSummary; paper: number | undefined }) {
  const { t } = useTranslation('runs')
  const numbers = useNumbers()
  if (run.curve.length < 2) return <span className={styles.faint}>{missing}</span>
  const label = t('curveLabel', { first: numbers.percent(run.curve[0]), last: numbers.percent(run.curve.at(-1)) })
  return <Sparkline values={run.curve} width={88} height={24} reference={paper} label={label} />
}

/** Duration, and when it ended or will end, in words. */
function useTimes(run: RunSummary, recipe: RecipeSummary | undefined): { duration: string; end: string } {
  const { t } = useTranslation(['runs', 'sharedWords'])
  const numbers = useNumbers()
  const live = useRunsStore((state) => state.live[run.id])
  if (isLive(run)) {
    const left = live?.allSecondsLeft ?? run.secondsLeft
    return {
      duration: left === null ? missing : t('sharedWords:timeLeft', { time: numbers.duration(left) }),
      end: left === null ? missing : t('runs:aboutAt', { time: numbers.clock(Date.now() + left * 1000) }),
    }
  }
  if (run.status === 'queued') {
    const seconds = recipe && recipe.secondsHere * run.seeds.length
    return {
      duration: numbers.duration(seconds, { about: true }),
      end: run.queuePosition === null ? missing : t('runs:queuedPlace', { position: run.queuePosition }),
    }
  }
  if (run.interruption && waitsToGoOn(run)) {
    const time = numbers.clock(run.interruption.at)
    const end = t(run.interruption.cause === 'paused' ? 'runs:pausedAt' : 'runs:brokenOffAt', { time })
    return { duration: numbers.duration(run.seconds), end }
  }
  return { duration: numbers.duration(run.seconds), end: numbers.clock(run.finishedAt) }
}

export interface RunRowProps {
  run: RunSummary
  recipe: RecipeSummary | undefined
  selected: boolean
  tabIndex: number
  showDevice: boolean
  showCurve: boolean
  /** Under the head of its sweep, which says the rest of its name. */
  short: boolean
  renaming: boolean
  onRenamed: () => void
}

/** One run: what it is, where it stands, its figure against the paper. */
export function RunRow(props: RunRowProps) {
  const { run, recipe, selected, tabIndex, showDevice, showCurve, short, renaming, onRenamed } = props
  const { t } = useTranslation(['runs', 'sharedWords'])
  const numbers = useNumbers()
  const { mean, std } = runFigure(run)
  const { duration, end } = useTimes(run, recipe)
  const done = finishedSeeds(run)
  const paper = recipe?.recipe.paper.figure ?? run.verdict?.paper
  const tolerance = recipe?.recipe.config.verdict.tolerance ?? run.verdict?.tolerance
  return (
    <tr
      data-interactive
      data-selected={selected || undefined}
      data-row={run.id}
      tabIndex={tabIndex}
      onClick={(event) => !isOnControl(event) && navigate({ view: 'run', runId: run.id, tab: null })}
    >
      <td>
        <Checkbox
          checked={selected}
          aria-label={t('runs:selectRun', { name: run.name })}
          onChange={(checked) => selectRuns([run.id], checked)}
        />
      </td>
      <td>
        {renaming ? (
          <RenameField run={run} onDone={onRenamed} />
        ) : (
          <div className={styles.name}>
            <a href={`/runs/${run.id}`} tabIndex={-1} title={run.name}>
              {short ? shortName(run) : run.name}
            </a>
            {run.changes > 0 && (
              <ChangedTag label={t('sharedWords:changedSettings', { count: run.changes })}>{run.changes}</ChangedTag>
            )}
          </div>
        )}
      </td>
      <td>
        <RunStatusBadge run={run} />
      </td>
      <NumberCell className={styles.figure} raw={mean === null ? '' : String(mean)}>
        {numbers.meanStd(mean, std)}
      </NumberCell>
      <NumberCell className={styles.small}>
        {done === run.seeds.length
          ? numbers.count(done)
          : t('runs:seedsDone', { done: numbers.count(done), all: numbers.count(run.seeds.length) })}
      </NumberCell>
      <td>
        {paper !== undefined && tolerance !== undefined && (
          <div className={styles.scale}>
            <RunVerdictScale run={run} paper={paper} tolerance={tolerance} />
          </div>
        )}
      </td>
      {showCurve && (
        <td>
          <Curve run={run} paper={paper} />
        </td>
      )}
      <NumberCell className={styles.small}>{duration}</NumberCell>
      {showDevice && (
        <td className={classNames(styles.small, styles.cut)} title={run.device ?? undefined}>
          {run.device ?? missing}
        </td>
      )}
      <td className={styles.small}>{end}</td>
    </tr>
  )
}
