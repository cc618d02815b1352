// Name, state, facts and actions of a run.
import { Ellipsis, Pencil, Repeat2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { PageHead } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { renameRun } from '../runs/rename-run.ts'
import { RunStatusBadge } from '../verdict/run-status-badge.tsx'
import { againAddress, moveRunToBin } from './run-actions.ts'
import { PauseControl, StopMenu } from './run-controls.tsx'
import { isAtWork, isUnderWay } from './run-facts.ts'
import styles from './run-screen.module.css'

interface RunHeadProps {
  run: RunDetail
  /** When the connection was lost, or null. */
  awaySince: number | null
}

export function RunHead({ run, awaySince }: RunHeadProps) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const away = awaySince !== null && isAtWork(run)
  return (
    <PageHead
      title={run.name}
      badge={
        <>
          {away ? <Badge tone="warn">{t('reconnecting')}</Badge> : <RunStatusBadge run={run} />}
          {away && <span className={styles.quiet}>{t('frozen', { time: numbers.clock(awaySince) })}</span>}
        </>
      }
      facts={<Facts run={run} />}
      actions={<Actions run={run} />}
    />
  )
}

function Facts({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  // What can go on has only stopped.
  const ended = { finished: 'finished', stopped: 'stopped', failed: waitsToGoOn(run) ? 'stopped' : 'failed' } as const
  const over = run.status in ended
  const time = (key: 'started' | 'finished' | 'stopped' | 'failed' | 'created', at: number | null) =>
    at === null ? null : t(`facts.${key}`, { time: numbers.clock(at) })
  const facts = [
    run.recipe.paper.citation,
    t('facts.run', { id: run.id }),
    t('facts.seeds', { count: run.seeds.length }),
    over && run.seconds > 0 && run.device
      ? t('facts.timeOn', { time: numbers.duration(run.seconds), device: run.device })
      : null,
    run.status === 'queued' ? time('created', run.createdAt) : null,
    isAtWork(run) || run.status === 'paused' ? time('started', run.startedAt) : null,
    over ? time(ended[run.status as keyof typeof ended], run.finishedAt) : null,
    run.changes === 0 ? t('facts.noChange') : t('facts.changes', { count: run.changes }),
  ]
  return <>{facts.filter((fact) => fact !== null).join(' · ')}</>
}

function Actions({ run }: { run: RunDetail }) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const [naming, setNaming] = useState<string | null>(null)
  const stoppable = isAtWork(run) || run.status === 'paused'
  const rename = () => {
    const name = naming?.trim() ?? ''
    if (name !== '' && name !== run.name) void renameRun(run, name)
    setNaming(null)
  }
  const more: MenuEntry[] = [
    { label: t('rename'), keys: 'F2', icon: <Pencil size={14} />, onSelect: () => setNaming(run.name) },
    {
      label: t('copyId'),
      icon: <span />,
      onSelect: () => {
        void navigator.clipboard.writeText(run.id)
        showToast({ title: t('sharedWords:copied') })
      },
    },
    ...(stoppable
      ? [
          {
            label: t('runAgain'),
            icon: <Repeat2 size={14} />,
            onSelect: () => navigate(againAddress(run)),
          },
        ]
      : [
          { separator: 'bin' },
          {
            label: run.status === 'queued' ? t('stop.leaveQueue') : t('moveToBin'),
            danger: true,
            icon: <Trash2 size={14} />,
            onSelect: () => void moveRunToBin(run),
          },
        ]),
  ]
  return (
    <>
      <PauseControl run={run} />
      {stoppable && <StopMenu run={run} />}
      {!isUnderWay(run) && (
        <ButtonLink href={againAddress(run)} icon={<Repeat2 size={14} />}>
          {t('runAgain')}
        </ButtonLink>
      )}
      <Menu
        align="end"
        trigger={<IconButton label={t('sharedWords:more')} icon={<Ellipsis size={16} />} />}
        entries={more}
      />
      <Dialog
        open={naming !== null}
        onClose={() => setNaming(null)}
        title={t('rename')}
        actions={
          <>
            <Button onClick={() => setNaming(null)}>{t('sharedWords:cancel')}</Button>
            <Button variant="primary" onClick={rename}>
              {t('rename')}
            </Button>
          </>
        }
      >
        <TextField
          aria-label={t('renameLabel')}
          value={naming ?? ''}
          maxLength={200}
          onChange={setNaming}
          onKeyDown={(event) => event.key === 'Enter' && rename()}
        />
      </Dialog>
    </>
  )
}
