// What helps against the trouble that broke a run off, by its cause.
import { Play, Repeat2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreflightFix, RunDetail } from '../../../src-main/shared/api.ts'
import type { Interruption } from '../../../src-main/shared/saved-state.ts'
import { engineClient } from '../../client/current-client.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { joinSentences } from '../../i18n/join-sentences.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { refreshBin } from '../../stores/storage-store.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/panel.tsx'
import type { Changes } from '../new-run/draft.ts'
import { fixWords } from '../new-run/fix-words.ts'
import { changesBetween } from '../new-run/start-run.ts'
import { EmptyBin } from '../storage/empty-bin.tsx'
import { presentRecipe, resumeRun, runAgainWith } from './run-actions.ts'
import styles from './run-screen.module.css'
import { notFiniteFacts, rateToRecipe, usualCauses } from './trouble-facts.ts'

interface TroubleHelpProps {
  run: RunDetail
  interruption: Interruption
}

export function TroubleHelp({ run, interruption }: TroubleHelpProps) {
  switch (interruption.cause) {
    case 'out-of-memory':
      return <MemoryHelp run={run} />
    case 'not-finite':
      return <NotFiniteHelp run={run} />
    case 'disk-full':
      return <DiskHelp run={run} />
    default:
      return null
  }
}

/** Configs that do the same with less memory, as the check before a start offers them. */
function useMemoryFixes(run: RunDetail): PreflightFix[] {
  const [fixes, setFixes] = useState<PreflightFix[]>([])
  const { id, recipeId } = run
  useEffect(() => {
    let wanted = true
    const changes = changesBetween(presentRecipe(run), run.config)
    engineClient()
      .runs.preflight({ recipeId, changes })
      .then(({ checks }) => wanted && setFixes(checks.find((check) => check.id === 'memory')?.fixes ?? []))
      // Without them the words of the error itself remain.
      .catch(() => undefined)
    return () => {
      wanted = false
    }
  }, [id])
  return fixes
}

function MemoryHelp({ run }: { run: RunDetail }) {
  const { t } = useTranslation(['run', 'newRun'])
  const numbers = useNumbers()
  const fixes = useMemoryFixes(run)
  if (fixes.length === 0) return null
  return (
    <div className={styles.help}>
      <b>{t('run:broken.fixes')}</b>
      <ul className={styles.ways}>
        {fixes.map((fix, index) => {
          const { label, hint, values } = fixWords(fix, numbers)
          return (
            <li key={`${fix.id} ${JSON.stringify(fix.changes)}`} className={styles.way}>
              <Button
                size="small"
                variant={index === 0 ? 'primary' : 'plain'}
                icon={<Repeat2 size={14} />}
                onClick={() => runAgainWith(run, (before) => ({ ...before, ...(fix.changes as Changes) }))}
              >
                {t('run:broken.newRun', { fix: t(`newRun:fix.${label}`, values) })}
              </Button>
              <span>{t(`newRun:fix.${hint}`, values)}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function NotFiniteHelp({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const { layer, lr, gradientNorms, largestActivation } = notFiniteFacts(run.error)
  const figure = (one: { layer: string; value: number }) => `${one.layer}\u00a0${numbers.loss(one.value)}`
  const causes = usualCauses(run.config, run.recipe.config)
  const toRecipe = rateToRecipe(run)
  return (
    <div className={styles.help}>
      <KeyValues
        entries={[
          ...(layer === null ? [] : [[t('broken.layer'), layer] as const]),
          [
            t('broken.rate'),
            t('broken.rateText', {
              rate: numbers.rate(lr ?? run.config.optimizer.lr),
              recipe: numbers.rate(run.recipe.config.optimizer.lr),
            }),
          ],
          ...(gradientNorms.length === 0
            ? []
            : [[t('broken.gradientNorms'), gradientNorms.map(figure).join(', ')] as const]),
          ...(largestActivation === null ? [] : [[t('broken.activation'), figure(largestActivation)] as const]),
          [
            t('broken.causes'),
            joinSentences(
              causes.map((cause) => t(`broken.cause.${cause}`)),
              numbers.language,
            ),
          ],
        ]}
      />
      <span className={styles.way}>
        <Button
          size="small"
          variant="primary"
          icon={<Play size={14} />}
          onClick={() => void resumeRun(run, { lrScale: 0.5 })}
        >
          {t('broken.resumeHalf')}
        </Button>
        {toRecipe !== null && (
          <Button size="small" icon={<Play size={14} />} onClick={() => void resumeRun(run, { lrScale: toRecipe })}>
            {t('broken.resumeRecipe')}
          </Button>
        )}
      </span>
    </div>
  )
}

function DiskHelp({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const free = useEngineStore((state) => state.machine?.diskFreeBytes)
  const needed = run.error?.details?.neededBytes
  useEffect(() => void refreshBin(), [])
  return (
    <div className={styles.help}>
      <KeyValues
        entries={[
          ...(typeof needed === 'number' ? [[t('broken.needed'), numbers.bytes(needed)] as const] : []),
          [t('broken.free'), numbers.bytes(free)],
        ]}
      />
      <span>
        <EmptyBin />
      </span>
    </div>
  )
}
