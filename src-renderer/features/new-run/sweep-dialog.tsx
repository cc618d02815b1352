// Many runs from the form: settings to vary, how many runs that makes, and what they take.
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preflight } from '../../../src-main/shared/api.ts'
import { configField, configFields, type FieldValue } from '../../../src-main/shared/config-fields.ts'
import type { Recipe } from '../../../src-main/shared/recipe.ts'
import { mostSweepRuns, type Sweep } from '../../../src-main/shared/sweep.ts'
import { errorWords } from '../../frame/error-words.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useLanguage, useNumbers } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { type Draft, draftValue } from './draft.ts'
import { startSweep } from './start-run.ts'
import styles from './sweep.module.css'
import { SweepAxisForm } from './sweep-axis.tsx'
import { type AxisDraft, proposedAxis, type SweepDraft, sweepOf } from './sweep-draft.ts'
import { useSweepRuns } from './use-sweep-runs.ts'

export interface SweepDialogProps {
  recipe: Recipe
  draft: Draft
  preflight: Preflight | null
  onClose: () => void
}

/** Settings that are worth varying first. */
const firstKeys = ['optimizer.lr', 'optimizer.weightDecay', 'train.batchSize']
const shownRuns = 3

function readSweep(draft: SweepDraft): Sweep | null {
  try {
    return sweepOf(draft)
  } catch {
    // The axis says what is wrong with its text.
    return null
  }
}

/** How many runs, how long, how much disk, and the first of them. */
function SweepSum({ runs, preflight }: { runs: readonly Record<string, unknown>[]; preflight: Preflight | null }) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const texts = useConfigTexts()
  const words = (changes: Record<string, unknown>) =>
    Object.entries(changes)
      .map(([key, value]) => {
        const field = configField(key)
        return `${texts.label(field)} ${texts.value(field, value as FieldValue)}`
      })
      .join(', ')
  return (
    <div className={styles.sum} role="status">
      <strong>{t('sweep.runs', { count: runs.length })}</strong>
      {preflight && (
        <span>
          {t('sweep.takes', {
            time: numbers.duration(preflight.seconds * runs.length, { about: true }),
            disk: numbers.bytes(preflight.diskBytes * runs.length),
          })}
        </span>
      )}
      <ol className={styles.runs}>
        {runs.slice(0, shownRuns).map((changes) => (
          <li key={JSON.stringify(changes)}>{words(changes)}</li>
        ))}
        {runs.length > shownRuns && <li>{t('sweep.more', { count: runs.length - shownRuns })}</li>}
      </ol>
      <span className={styles.quiet}>{t('sweep.forecast')}</span>
    </div>
  )
}

export function SweepDialog({ recipe, draft, preflight, onClose }: SweepDialogProps) {
  const { t } = useTranslation(['newRun', 'sharedWords'])
  const language = useLanguage()
  const propose = (key: string) => proposedAxis(configField(key), draftValue(recipe.config, draft.changes, key))
  const [name, setName] = useState('')
  const [sweep, setSweep] = useState<SweepDraft>(() => ({ mode: 'grid', axes: [propose('optimizer.lr')], count: 10 }))
  const [starting, setStarting] = useState(false)
  const wanted = readSweep(sweep)
  const { runs, refused } = useSweepRuns(recipe.id, draft.changes, wanted)

  const taken = sweep.axes.map(({ key }) => key)
  const setAxis = (place: number, axis: Partial<AxisDraft>) =>
    setSweep({ ...sweep, axes: sweep.axes.map((one, at) => (at === place ? { ...one, ...axis } : one)) })
  const add = () => {
    const next =
      firstKeys.find((key) => !taken.includes(key)) ?? configFields.find(({ key }) => !taken.includes(key))?.key
    if (next) setSweep({ ...sweep, axes: [...sweep.axes, propose(next)] })
  }
  const start = async () => {
    if (wanted === null) return
    setStarting(true)
    const started = await startSweep({
      recipeId: recipe.id,
      changes: { ...draft.changes },
      sweep: wanted,
      ...(name.trim() !== '' && { name: name.trim() }),
    })
    setStarting(false)
    if (started) onClose()
  }
  const ready = wanted !== null && runs !== null && runs.length > 0
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('newRun:sweep.title')}
      text={t('newRun:sweep.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('sharedWords:cancel')}</Button>
          <Button variant="primary" disabled={!ready} busy={starting} onClick={() => void start()}>
            {t('newRun:sweep.start', { count: runs?.length ?? 0 })}
          </Button>
        </>
      }
    >
      <div className={styles.row}>
        <Field label={t('newRun:sweep.name')}>
          {(control) => (
            <TextField {...control} value={name} placeholder={recipe.title} maxLength={200} onChange={setName} />
          )}
        </Field>
        <Segmented
          label={t('newRun:sweep.mode')}
          value={sweep.mode}
          onChange={(mode) => setSweep({ ...sweep, mode })}
          options={[
            { value: 'grid', label: t('newRun:sweep.grid') },
            { value: 'random', label: t('newRun:sweep.random') },
          ]}
        />
        {sweep.mode === 'random' && (
          <div className={styles.count}>
            <Field label={t('newRun:sweep.count')}>
              {(control) => (
                <NumberField
                  {...control}
                  integer
                  min={1}
                  max={mostSweepRuns}
                  value={sweep.count}
                  onChange={(count) => count !== null && setSweep({ ...sweep, count })}
                />
              )}
            </Field>
          </div>
        )}
      </div>
      <div className={styles.axes}>
        {sweep.axes.map((axis, place) => (
          <SweepAxisForm
            key={axis.key}
            axis={axis}
            mode={sweep.mode}
            taken={taken}
            onKey={(key) => setAxis(place, propose(key))}
            onChange={(change) => setAxis(place, change)}
            onRemove={
              sweep.axes.length > 1
                ? () => setSweep({ ...sweep, axes: sweep.axes.filter((_, at) => at !== place) })
                : null
            }
          />
        ))}
      </div>
      <div>
        <Button size="small" icon={<Plus size={14} />} disabled={sweep.axes.length >= 16} onClick={add}>
          {t('newRun:sweep.add')}
        </Button>
      </div>
      {refused && (
        <Note tone="danger" title={t('newRun:sweep.refused')}>
          {[errorWords(refused, language).message, ...errorWords(refused, language).lines].join(' ')}
        </Note>
      )}
      {ready && <SweepSum runs={runs} preflight={preflight} />}
    </Dialog>
  )
}
