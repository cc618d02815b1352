// What to do after a verdict: the seeds that would decide it, or the run as the recipe says, or the same again.
import { Play, Repeat2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import type { Verdict } from '../../../src-main/shared/verdict.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { PageFoot } from '../../ui/panel.tsx'
import { withoutChanges } from '../new-run/draft.ts'
import { CertificateLine } from './certificate-line.tsx'
import { againAddress, runAgainWith } from './run-actions.ts'
import styles from './verdict-tab.module.css'

export function VerdictFoot({ run, verdict }: { run: RunDetail; verdict: Verdict }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const toDecide = verdict.outcome === 'inconclusive' ? verdict.seedsToDecide : null
  const perSeed = run.seeds.length > 0 ? run.seconds / run.seeds.length : 0
  const seeds = verdict.values.length + (toDecide ?? 0)
  const changed = verdict.differences.length
  const words =
    toDecide !== null
      ? t(verdict.reason === 'one-seed' ? 'foot.spread' : 'foot.decide', { count: toDecide })
      : changed > 0
        ? t('foot.differ', { count: changed })
        : ''
  const asRecipe = changed > 0 && toDecide === null
  return (
    <PageFoot>
      <div className={styles.footWords}>
        {words && <span>{words}</span>}
        {run.certificate && (
          <span className={styles.footTest}>
            {t('foot.resumeTest')} <CertificateLine certificate={run.certificate} />
          </span>
        )}
      </div>
      {(toDecide !== null || asRecipe) && (
        <ButtonLink href={againAddress(run)} icon={<Repeat2 size={14} />}>
          {t('runAgain')}
        </ButtonLink>
      )}
      {toDecide !== null && (
        <Button
          variant="primary"
          icon={<Play size={14} />}
          onClick={() => runAgainWith(run, (changes) => ({ ...changes, 'seeds.count': seeds }))}
        >
          {t('foot.seeds', { count: seeds })}
          <span className={styles.buttonTime}>{numbers.duration(perSeed * seeds, { about: true })}</span>
        </Button>
      )}
      {asRecipe && (
        <Button
          variant="primary"
          icon={<Play size={14} />}
          onClick={() =>
            runAgainWith(run, (changes) =>
              withoutChanges(
                changes,
                verdict.differences.map(({ key }) => key),
              ),
            )
          }
        >
          {t('foot.recipe')}
        </Button>
      )}
      {toDecide === null && !asRecipe && (
        <ButtonLink variant="primary" href={againAddress(run)} icon={<Repeat2 size={14} />}>
          {t('runAgain')}
        </ButtonLink>
      )}
    </PageFoot>
  )
}
