import { Ban, Check, CircleHelp, Clock, OctagonAlert, TrendingUp, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { VerdictOutcome } from '../../src-main/shared/verdict.ts'
import styles from './badge.module.css'
import { classNames } from './class-names.ts'
import { Spinner } from './spinner.tsx'

export type BadgeTone = 'live' | 'waiting' | 'ok' | 'info' | 'warn' | 'danger' | 'muted'

const icon = { size: 13, strokeWidth: 2.25, 'aria-hidden': true } as const

const toneIcons: Record<BadgeTone, ReactNode> = {
  live: <Spinner size={13} />,
  waiting: <Clock {...icon} />,
  ok: <Check {...icon} />,
  info: <TrendingUp {...icon} />,
  warn: <TriangleAlert {...icon} />,
  danger: <OctagonAlert {...icon} />,
  muted: <Ban {...icon} />,
}

/** A state: icon, word and colour together. */
export function Badge(props: { tone: BadgeTone; children: ReactNode; icon?: ReactNode; wraps?: boolean }) {
  const { tone, children, icon: own, wraps } = props
  return (
    <span className={classNames(styles.badge, wraps && styles.wraps, styles[tone])}>
      {own ?? toneIcons[tone]}
      {children}
    </span>
  )
}

const verdictLook: Record<VerdictOutcome, { className: string | undefined; icon: ReactNode }> = {
  reproduced: { className: styles.reproduced, icon: <Check {...icon} /> },
  better: { className: styles.better, icon: <TrendingUp {...icon} /> },
  'not-reproduced': { className: styles.notReproduced, icon: <X {...icon} /> },
  inconclusive: { className: styles.inconclusive, icon: <CircleHelp {...icon} /> },
  'no-verdict': { className: styles.inconclusive, icon: <Ban {...icon} /> },
}

interface VerdictBadgeProps {
  outcome: VerdictOutcome
  /** On two lines where there is no room for one. */
  wraps?: boolean
  children: ReactNode
}

/** The outcome of a run; `children` is its word. Only for verdicts that are final. */
export function VerdictBadge({ outcome, wraps, children }: VerdictBadgeProps) {
  const look = verdictLook[outcome]
  return (
    <span className={classNames(styles.badge, wraps && styles.wraps, look.className)}>
      {look.icon}
      {children}
    </span>
  )
}
