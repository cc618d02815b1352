// The settings of a run, section by section.
import { ChevronDown, ChevronUp, Lightbulb, Undo2 } from 'lucide-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preflight } from '../../../src-main/shared/api.ts'
import { type ConfigField, configValue, type FieldValue } from '../../../src-main/shared/config-fields.ts'
import type { Recipe } from '../../../src-main/shared/recipe.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { type Changes, type Draft, draftValue, fieldProblems } from './draft.ts'
import { resetFields, setField } from './draft-store.ts'
import {
  type FormSection,
  fieldApplies,
  fieldShown,
  fieldsOfSection,
  fieldUnit,
  formSectionIds,
} from './form-sections.ts'
import { linearRule } from './linear-rule.ts'
import { NetworkInputs } from './network-inputs.tsx'
import { RateChart } from './rate-chart.tsx'
import { SettingField } from './setting-field.tsx'
import styles from './settings-form.module.css'

export interface SettingsFormProps {
  draftId: string
  draft: Draft
  recipe: Recipe
  search: string
  onlyChanged: boolean
  preflight: Preflight | null
  /** The changes that the schema takes. */
  checkable: Changes
}

export function SettingsForm(props: SettingsFormProps) {
  const { draft, search, onlyChanged } = props
  const { t } = useTranslation('newRun')
  const sections = formSectionIds.map((id) => <Section key={id} id={id} {...props} />)
  const none = onlyChanged && Object.keys(draft.changes).length === 0
  return (
    <>
      {sections}
      {none && <p className={styles.nothing}>{t('nothingChanged')}</p>}
      {!none && search !== '' && <p className={styles.nothingFound}>{t('findNothing', { search })}</p>}
    </>
  )
}

function Section(props: SettingsFormProps & { id: FormSection }) {
  const { id, draftId, draft, recipe, search, onlyChanged } = props
  const { t } = useTranslation('newRun')
  const texts = useConfigTexts()
  const [open, setOpen] = useState(false)
  const value = (key: string) => draftValue(recipe.config, draft.changes, key)
  const fields = fieldsOfSection(id)
  const isShown = (advanced: boolean) => (field: ConfigField) =>
    fieldShown(
      field,
      { advanced, onlyChanged, search },
      {
        changed: field.key in draft.changes || draft.unreadable.includes(field.key),
        applies: fieldApplies(field.key, value),
        words: `${texts.label(field)} ${field.label} ${texts.help(field)} ${field.key}`,
      },
    )
  const shown = fields.filter(isShown(open))
  const more = fields.filter(isShown(true)).length - fields.filter(isShown(false)).length
  const changed = fields.filter(({ key }) => key in draft.changes)
  if (shown.length === 0) return null
  const problems = fieldProblems(recipe.config, draft.changes)
  const draw = (list: readonly ConfigField[]) =>
    list.map((field) => (
      <SettingField
        key={field.key}
        field={field}
        value={value(field.key)}
        recipeValue={configValue(recipe.config, field.key)}
        unit={fieldUnit(field, value)}
        problem={problems[field.key]}
        unreadable={draft.unreadable.includes(field.key)}
        trap={recipe.traps.find(({ key }) => key === field.key)?.text}
        onChange={(next: FieldValue | null) => setField(draftId, recipe.config, field.key, next)}
        onReset={() => resetFields(draftId, [field.key])}
      />
    ))
  const ofSchedule = (field: ConfigField) => field.section === 'schedule'
  return (
    <section className={styles.section} id={`section-${id}`} aria-label={t(`section.${id}`)}>
      <div className={styles.sectionHead}>
        <h2>{t(`section.${id}`)}</h2>
        <span className={styles.quiet}>
          {changed.length > 0 ? t('sectionChanges', { changed: changed.length, count: fields.length }) : ''}
        </span>
        {changed.length > 0 && (
          <Button
            variant="ghost"
            size="small"
            icon={<Undo2 size={14} />}
            onClick={() =>
              resetFields(
                draftId,
                fields.map(({ key }) => key),
              )
            }
          >
            {t('resetSection')}
          </Button>
        )}
      </div>
      <div className={styles.fields}>{draw(shown.filter((field) => !ofSchedule(field)))}</div>
      {id === 'optimization' && shown.some(ofSchedule) && (
        <div className={styles.schedule}>
          <div className={styles.scheduleFields}>{draw(shown.filter(ofSchedule))}</div>
          {!onlyChanged && search === '' && <RateChart preflight={props.preflight} />}
        </div>
      )}
      {id === 'optimization' && <LinearRuleNote {...props} />}
      {id === 'augmentation' && !onlyChanged && search === '' && (
        <NetworkInputs recipe={recipe} changes={props.checkable} datasetId={String(value('data.dataset'))} />
      )}
      {more > 0 && search === '' && !onlyChanged && (
        <Button
          className={styles.moreButton}
          variant="ghost"
          size="small"
          icon={open ? <ChevronUp size={14} /> : <ChevronDown size={14} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? t('hideAdvanced') : t('showAdvanced', { count: more })}
        </Button>
      )}
    </section>
  )
}

function LinearRuleNote({ draftId, draft, recipe }: SettingsFormProps) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const rule = linearRule(recipe.config, draft.changes)
  if (!rule) return null
  const rate = numbers.rate(rule.rate)
  return (
    <Note
      icon={<Lightbulb size={16} aria-hidden />}
      actions={
        <Button size="small" onClick={() => setField(draftId, recipe.config, 'optimizer.lr', rule.rate)}>
          {t('useValue', { value: rate })}
        </Button>
      }
    >
      {t('linearRule', { from: rule.fromBatch, to: rule.toBatch, rate })}
    </Note>
  )
}

/** Where the recipe comes from and what is known against it; above the settings. */
export function RecipeNotes({ recipe, children }: { recipe: Recipe; children: React.ReactNode }) {
  const { t } = useTranslation('newRun')
  const texts = useConfigTexts()
  return (
    <section className={styles.section} id="section-recipe" aria-label={t('section.recipe')}>
      <div className={styles.sectionHead}>
        <h2>{t('section.recipe')}</h2>
        <span className={styles.quiet}>{recipe.title}</span>
      </div>
      {children}
      <dl className={styles.notes}>
        <dt>{t('source')}</dt>
        <dd>
          <a href={recipe.paper.url} target="_blank" rel="noreferrer">
            {recipe.paper.citation}
          </a>
          {`, ${recipe.paper.place}`}
        </dd>
      </dl>
      {recipe.deviations.length > 0 && (
        <details className={styles.known}>
          <summary>{t('deviations', { count: recipe.deviations.length })}</summary>
          <ul>
            {recipe.deviations.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      {recipe.traps.length > 0 && (
        <details className={styles.known}>
          <summary>{t('traps', { count: recipe.traps.length })}</summary>
          <ul>
            {recipe.traps.map(({ key, text }) => (
              <li key={text}>
                <TrapLabel fieldKey={key} texts={texts} />
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function TrapLabel({ fieldKey, texts }: { fieldKey: string; texts: ReturnType<typeof useConfigTexts> }) {
  const field = formSectionIds.flatMap(fieldsOfSection).find(({ key }) => key === fieldKey)
  return <Fragment>{field ? <b>{`${texts.label(field)}: `}</b> : null}</Fragment>
}
