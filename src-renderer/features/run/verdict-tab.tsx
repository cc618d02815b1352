// The verdict of a run: figure, scale, seeds, the reason in words, what differs from the recipe, and what to do next.
import { Ruler } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { configField } from '../../../src-main/shared/config-fields.ts'
import type { Verdict } from '../../../src-main/shared/verdict.ts'
import { type VerdictSentence, verdictSentences } from '../../charts/verdict-words.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { waitsToGoOn } from '../../stores/runs-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Note } from '../../ui/note.tsx'
import { PageBody } from '../../ui/panel.tsx'
import { AppliedChanges } from './applied-changes.tsx'
import { DifferencesPanel } from './differences-panel.tsx'
import { finishedValues, isUnderWay } from './run-facts.ts'
import { VerdictCard } from './verdict-card.tsx'
import { VerdictFoot } from './verdict-foot.tsx'
import styles from './verdict-tab.module.css'

export function VerdictTab({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  // A run that waits to go on has no last word yet, though its finished seeds could be judged.
  const pending = isUnderWay(run) || waitsToGoOn(run)
  const started = run.seeds.some(({ result }) => result)
  if (!pending && !started) {
    const text = { failed: 'noneFailed', stopped: 'noneStopped' } as const
    const key = run.status === 'failed' || run.status === 'stopped' ? text[run.status] : 'noneText'
    return (
      <PageBody>
        <EmptyState title={t('verdict.none')}>{t(`verdict.${key}`)}</EmptyState>
      </PageBody>
    )
  }
  const final = pending ? null : run.verdict
  return (
    <>
      <PageBody>
        <div className={styles.page}>
          <VerdictCard run={run} verdict={final} values={final?.values ?? finishedValues(run)} />
          {final && <Why run={run} verdict={final} />}
          <AppliedChanges run={run} />
          <DifferencesPanel run={run} />
        </div>
      </PageBody>
      {final && <VerdictFoot run={run} verdict={final} />}
    </>
  )
}

function Why({ run, verdict }: { run: RunDetail; verdict: Verdict }) {
  const { t } = useTranslation('run')
  const words = useSentence()
  const sentences = verdictSentences(verdict, {
    paperStd: run.recipe.paper.std,
    paperSeeds: run.recipe.paper.seeds,
    testPictures: run.data?.test ?? null,
  })
  return (
    <Note icon={<Ruler size={16} aria-hidden />} title={t('verdict.why')}>
      {sentences.map((sentence) => words(sentence, verdict)).join(' ')}
    </Note>
  )
}

/** Words a sentence of a verdict, its settings named in the reader's language. */
function useSentence() {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const texts = useConfigTexts()
  return (sentence: VerdictSentence, verdict: Verdict): string => {
    // A wide interval of few seeds may pass 0 or 100 %, where no accuracy is.
    const fractions = Object.entries(sentence.fractions ?? {}).map(([key, value]) => [
      key,
      numbers.percent(Math.min(1, Math.max(0, value))),
    ])
    const differences = Object.entries(sentence.differences ?? {}).map(([key, value]) => {
      const points = numbers.difference(value).replace(/^\+/, '')
      return [key, key === 'noise' ? `±\u00a0${points}` : points]
    })
    const counts = Object.entries(sentence.counts ?? {}).map(([key, value]) => [
      key,
      key === 'pictures' ? numbers.count(value) : value,
    ])
    const list = verdict.differences
      .map(({ key }) => texts.label(configField(key)))
      .join(numbers.language === 'zh' ? '、' : ', ')
    return t(`why.${sentence.key}`, {
      ...Object.fromEntries([...fractions, ...differences, ...counts]),
      list,
      source: sentence.texts?.source ?? '',
      hasSource: sentence.texts?.source ? 'yes' : 'no',
    })
  }
}
