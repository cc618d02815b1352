import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, SplitRecipe } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Field } from '../../../ui/field.tsx'
import { Note } from '../../../ui/note.tsx'
import { NumberField } from '../../../ui/number-field.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { setSplit } from '../dataset-actions.ts'
import { partCounts, plannedCounts } from './split-plan.ts'
import styles from './splits.module.css'

type Kind = SplitRecipe['kind']
const kinds: readonly Kind[] = ['given', 'ratio', 'k-fold', 'group']

/** All settings of all kinds, so that changing the kind back and forth loses nothing. */
interface SplitDraft {
  kind: Kind
  seed: number
  valShare: number
  testShare: number
  stratified: boolean
  folds: number
  fold: number
  expression: string
}

function draftOf(split: SplitRecipe): SplitDraft {
  const start = { testShare: 0.2, stratified: true, folds: 5, fold: 0 }
  return { ...start, ...split, expression: split.kind === 'group' ? (split.expression ?? '') : '' }
}

function splitOf(draft: SplitDraft): SplitRecipe {
  const { kind, seed, valShare, testShare, stratified, folds, fold } = draft
  switch (kind) {
    case 'given':
      return { kind, valShare, seed }
    case 'ratio':
      return { kind, testShare, valShare, seed, stratified }
    case 'k-fold':
      return { kind, folds, fold: Math.min(fold, folds - 1), valShare, seed, stratified }
    case 'group':
      return { kind, testShare, valShare, seed, expression: draft.expression.trim() || null }
  }
}

/** Null for an expression that can be used; else why not. */
function expressionProblem(expression: string): 'invalid' | 'noBracket' | null {
  if (expression.trim() === '') return null
  try {
    // With an empty choice beside it the expression always matches, and tells how many brackets it has.
    const brackets = (new RegExp(`${expression}|`).exec('')?.length ?? 1) - 1
    return brackets > 0 ? null : 'noBracket'
  } catch {
    return 'invalid'
  }
}

/** Another split: its kind and settings, about how many pictures each part gets, and what changes with it. */
export function SplitForm({ overview, runs }: { overview: DatasetOverview; runs: number }) {
  const { t } = useTranslation('dataset')
  const [draft, setDraft] = useState(() => draftOf(overview.split))
  const [busy, setBusy] = useState(false)
  const set = (change: Partial<SplitDraft>) => setDraft((before) => ({ ...before, ...change }))
  const split = splitOf(draft)
  const changed = JSON.stringify(split) !== JSON.stringify(splitOf(draftOf(overview.split)))
  const problem = draft.kind === 'group' ? expressionProblem(draft.expression) : null
  const tooMuch = 'testShare' in split && split.testShare + split.valShare >= 1
  const apply = async () => {
    setBusy(true)
    await setSplit(overview, split)
    setBusy(false)
  }
  return (
    <Panel
      title={t('split.another')}
      actions={
        <Button
          variant="primary"
          size="small"
          disabled={!changed || tooMuch || problem !== null}
          busy={busy}
          onClick={() => void apply()}
        >
          {t('split.apply')}
        </Button>
      }
    >
      <div className={styles.form}>
        <Segmented
          label={t('split.kind')}
          value={draft.kind}
          options={kinds.map((value) => ({ value, label: t(`split.kinds.${value}.label`) }))}
          onChange={(kind) => set({ kind })}
        />
        <p className={styles.hint}>{t(`split.kinds.${draft.kind}.hint`)}</p>
        <div className={styles.fields}>
          {(draft.kind === 'ratio' || draft.kind === 'group') && (
            <ShareField
              label={t('split.testShare')}
              value={draft.testShare}
              onChange={(testShare) => set({ testShare })}
            />
          )}
          {draft.kind === 'k-fold' && (
            <>
              <CountField
                label={t('split.folds')}
                value={draft.folds}
                min={2}
                max={100}
                onChange={(folds) => set({ folds })}
              />
              <CountField
                label={t('split.fold')}
                value={Math.min(draft.fold, draft.folds - 1) + 1}
                min={1}
                max={draft.folds}
                onChange={(fold) => set({ fold: fold - 1 })}
              />
            </>
          )}
          <ShareField label={t('split.valShare')} value={draft.valShare} onChange={(valShare) => set({ valShare })} />
          <CountField
            label={t('split.seed')}
            value={draft.seed}
            min={0}
            max={2_000_000_000}
            onChange={(seed) => set({ seed })}
          />
        </div>
        {draft.kind === 'group' && (
          <Field
            label={t('split.expression')}
            hint={t('split.expressionHint')}
            error={problem && t(`split.expressionProblem.${problem}`)}
          >
            {(control) => (
              <TextField
                {...control}
                value={draft.expression}
                placeholder="^(patient\d+)_"
                onChange={(expression) => set({ expression })}
              />
            )}
          </Field>
        )}
        {(draft.kind === 'ratio' || draft.kind === 'k-fold') && (
          <Checkbox checked={draft.stratified} onChange={(stratified) => set({ stratified })}>
            {t('split.stratified')}
          </Checkbox>
        )}
        {tooMuch ? (
          <p className={styles.problem}>{t('split.tooMuch')}</p>
        ) : (
          <Planned overview={overview} split={split} />
        )}
        {changed && (
          <Note tone="info" title={t('split.changesFingerprint')}>
            {runs > 0 ? t('split.changesRuns', { count: runs }) : t('split.changesNothing')}
            {overview.usedBy.length > 0 && ` ${t('inUse', { count: overview.usedBy.length })}`}
          </Note>
        )}
      </div>
    </Panel>
  )
}

function Planned({ overview, split }: { overview: DatasetOverview; split: SplitRecipe }) {
  const { t } = useTranslation('dataset')
  const numbers = useNumbers()
  const planned = plannedCounts(split, { split: overview.split, counts: partCounts(overview.classes) })
  if (!planned) return <p className={styles.hint}>{t('split.unknown')}</p>
  return (
    <p className={styles.planned}>
      {t('split.planned', {
        train: numbers.count(planned.train),
        val: numbers.count(planned.val),
        test: numbers.count(planned.test),
      })}
    </p>
  )
}

interface NumberEntryProps {
  label: string
  value: number
  onChange: (value: number) => void
}

/** A share, shown in percent. */
function ShareField({ label, value, onChange }: NumberEntryProps) {
  return (
    <Field label={label}>
      {(control) => (
        <NumberField
          {...control}
          value={Math.round(value * 1e4) / 100}
          unit="%"
          min={0}
          max={95}
          step={{ add: 5 }}
          onChange={(percent) => percent !== null && percent >= 0 && percent <= 95 && onChange(percent / 100)}
        />
      )}
    </Field>
  )
}

function CountField({ label, value, min, max, onChange }: NumberEntryProps & { min: number; max: number }) {
  return (
    <Field label={label}>
      {(control) => (
        <NumberField
          {...control}
          value={value}
          min={min}
          max={max}
          integer
          onChange={(next) => next !== null && Number.isInteger(next) && next >= min && next <= max && onChange(next)}
        />
      )}
    </Field>
  )
}
