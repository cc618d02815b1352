// Name, state, facts and actions of a run.
import { Ellipsis, Flag, Pencil, Repeat2, Square, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { keysText } from '../../frame/keys.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { navigate } from '../../router/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { PageHead } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { RunStatusBadge } from '../verdict/run-status-badge.tsx'
import { againAddress, moveRunToBin, renameRun, stopRun } from './run-actions.ts'
import { isAtWork } from './run-facts.ts'
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
  const ended = { finished: 'finished', stopped: 'stopped', failed: 'failed' } as const
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
    isAtWork(run) ? time('started', run.startedAt) : null,
    over ? time(ended[run.status as keyof typeof ended], run.finishedAt) : null,
    run.changes === 0 ? t('facts.noChange') : t('facts.changes', { count: run.changes }),
  ]
  return <>{facts.filter((fact) => fact !== null).join(' · ')}</>
}

function Actions({ run }: { run: RunDetail }) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const [naming, setNaming] = useState<string | null>(null)
  const atWork = isAtWork(run)
  const rename = () => {
    const name = naming?.trim() ?? ''
    if (name !== '' && name !== run.name) void renameRun(run.id, name)
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
    ...(atWork
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
      {atWork && <StopMenu run={run} />}
      {!atWork && run.status !== 'queued' && (
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

function StopMenu({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const judged = run.seeds.filter(({ status }) => status === 'finished').length
  const entries: MenuEntry[] = [
    {
      label: t('stop.epoch'),
      hint: t('stop.epochHint', { judged }),
      keys: keysText('Shift+S'),
      icon: <Flag size={14} />,
      disabled: run.status === 'stopping',
      onSelect: () => void stopRun(run, 'epoch'),
    },
    {
      label: t('stop.now'),
      hint: t('stop.nowHint'),
      icon: <Square size={14} />,
      onSelect: () => void stopRun(run, 'now'),
    },
    { separator: 'bin' },
    {
      label: t('stop.bin'),
      hint: t('stop.binHint'),
      danger: true,
      icon: <Trash2 size={14} />,
      onSelect: () => void stopRun(run, 'bin'),
    },
  ]
  return (
    <Menu align="end" trigger={<Button icon={<Square size={14} />}>{t('stop.button')}</Button>} entries={entries} />
  )
}
