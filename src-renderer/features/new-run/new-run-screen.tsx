// A new run: a recipe, what is changed in it, and whether it can start.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreflightFix, RecipeSummary } from '../../../src-main/shared/api.ts'
import type { FieldValue } from '../../../src-main/shared/config-fields.ts'
import { engineClient } from '../../client/current-client.ts'
import { matchesKeys } from '../../frame/keys.ts'
import { offerUndo } from '../../frame/undo.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState, Skeleton } from '../../ui/empty-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Page } from '../../ui/panel.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { BeforeStart } from './before-start.tsx'
import { draftValue, fieldProblems, runCommand } from './draft.ts'
import { draftId, dropDraft, hasDraft, replaceDraft, setDraftName, setField, useDraft } from './draft-store.ts'
import styles from './new-run.module.css'
import { RecipePicker } from './recipe-picker.tsx'
import { listedSections, SectionList, showSection, useSectionInView } from './section-list.tsx'
import { RecipeNotes, SettingsForm } from './settings-form.tsx'
import { changesBetween, startDraft } from './start-run.ts'
import { SweepDialog } from './sweep-dialog.tsx'
import { usePreflight } from './use-preflight.ts'

export function NewRunScreen({ recipeId, from }: { recipeId: string | null; from: string | null }) {
  const { t } = useTranslation('newRun')
  const recipes = useEngineStore((state) => state.recipes)
  if (!recipes) return <Skeleton lines={6} words={t('readingRecipes')} />
  if (recipeId === null) {
    return (
      <Page>
        <RecipePicker recipes={recipes} />
      </Page>
    )
  }
  const summary = recipes.find(({ recipe }) => recipe.id === recipeId)
  if (!summary) {
    return (
      <EmptyState
        title={t('noRecipe', { id: recipeId })}
        actions={<ButtonLink href="/new-run">{t('pickTitle')}</ButtonLink>}
      >
        {t('noRecipeText')}
      </EmptyState>
    )
  }
  return <NewRunForm summary={summary} from={from} />
}

/** Fills the draft with the settings of `from`, once. */
function useSourceRun(id: string, summary: RecipeSummary, from: string | null) {
  const { t } = useTranslation('newRun')
  useEffect(() => {
    if (from === null || hasDraft(id)) return
    const fill = async () => {
      try {
        const run = await engineClient().runs.get(from)
        replaceDraft(id, { changes: changesBetween(summary.recipe.config, run.config) })
      } catch {
        showToast({ title: t('fromRunUnknown', { run: from }), tone: 'danger' })
      }
    }
    void fill()
  }, [id, summary.recipe.config, from, t])
}

function NewRunForm({ summary, from }: { summary: RecipeSummary; from: string | null }) {
  const { recipe } = summary
  const id = draftId(recipe.id, from)
  const { t } = useTranslation(['newRun', 'sharedWords'])
  const draft = useDraft(id)
  const [search, setSearch] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const [starting, setStarting] = useState(false)
  const [sweeping, setSweeping] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const section = useSectionInView(form)
  useSourceRun(id, summary, from)

  const invalid = Object.keys(fieldProblems(recipe.config, draft.changes))
  const problems = new Set([...invalid, ...draft.unreadable]).size
  // What the schema refuses is said at the field; the engine is asked about the rest.
  const checkable = useMemo(
    () => Object.fromEntries(Object.entries(draft.changes).filter(([key]) => !invalid.includes(key))),
    [draft.changes, invalid.join()],
  )
  const state = usePreflight(recipe.id, checkable)

  const start = async (first: boolean) => {
    if (starting) return
    setStarting(true)
    const started = await startDraft(id, recipe.id, draft, first)
    if (!started) setStarting(false)
  }
  const blocked =
    problems > 0 || state.refused !== null || (state.preflight?.checks ?? []).some((check) => check.blocking)
  const actions = useRef({ start, blocked, section })
  actions.current = { start, blocked, section }
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const now = actions.current
      const first = matchesKeys(event, 'Mod+Shift+Enter')
      if (first || matchesKeys(event, 'Mod+Enter')) {
        event.preventDefault()
        if (!now.blocked) void now.start(first)
        return
      }
      const direction = matchesKeys(event, 'Alt+ArrowDown') ? 1 : matchesKeys(event, 'Alt+ArrowUp') ? -1 : 0
      const next = direction && listedSections[listedSections.indexOf(now.section) + direction]
      if (!next) return
      event.preventDefault()
      showSection(next)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])

  const copyCommand = async () => {
    await navigator.clipboard.writeText(runCommand(recipe.id, draft.changes))
    showToast({ title: t('commandCopied') })
  }
  const fix = (changes: PreflightFix['changes'], label: string) => {
    const mend = async () => {
      for (const [key, value] of Object.entries(changes)) setField(id, recipe.config, key, value as FieldValue)
    }
    void mend()
    offerUndo({ words: () => label, undo: async () => replaceDraft(id, draft), redo: mend }, { title: label })
  }
  const discard = () => {
    dropDraft(id)
    showToast({
      title: t('discarded'),
      action: { label: t('sharedWords:undo'), onSelect: () => replaceDraft(id, draft) },
    })
  }

  return (
    <Page>
      <FormHead summary={summary} />
      <div className={styles.columns}>
        <SectionList
          changes={draft.changes}
          current={section}
          search={search}
          onSearch={setSearch}
          onlyChanged={onlyChanged}
          onOnlyChanged={setOnlyChanged}
        />
        <div ref={form} className={styles.formScroll} data-restore-scroll>
          <div className={styles.form}>
            {from !== null && <p className={styles.quiet}>{t('fromRun', { run: from })}</p>}
            {search === '' && !onlyChanged && (
              <RecipeNotes recipe={recipe}>
                <Field label={t('name')} hint={t('nameHint')}>
                  {(control) => (
                    <TextField
                      {...control}
                      value={draft.name}
                      placeholder={recipe.title}
                      maxLength={200}
                      onChange={(name) => setDraftName(id, name)}
                    />
                  )}
                </Field>
              </RecipeNotes>
            )}
            <SettingsForm
              draftId={id}
              draft={draft}
              recipe={recipe}
              search={search}
              onlyChanged={onlyChanged}
              preflight={state.preflight}
              checkable={checkable}
            />
          </div>
        </div>
        <BeforeStart
          recipeId={recipe.id}
          changes={checkable}
          state={state}
          datasetId={String(draftValue(recipe.config, draft.changes, 'data.dataset'))}
          seeds={Number(draftValue(recipe.config, draft.changes, 'seeds.count'))}
          problems={problems}
          starting={starting}
          onSeeds={(count) => setField(id, recipe.config, 'seeds.count', count)}
          onShowChanges={() => setOnlyChanged(true)}
          onFix={fix}
          onSweep={() => setSweeping(true)}
          onStart={(first) => void start(first)}
          onCopyCommand={() => void copyCommand()}
          onDiscard={Object.keys(draft.changes).length > 0 ? discard : null}
        />
      </div>
      {sweeping && (
        <SweepDialog
          recipe={recipe}
          draft={{ ...draft, changes: checkable }}
          preflight={state.preflight}
          onClose={() => setSweeping(false)}
        />
      )}
    </Page>
  )
}

function FormHead({ summary }: { summary: RecipeSummary }) {
  const { recipe, modelLabel, datasetLabel, parameters, macsMillions } = summary
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const { citation, title, place, figure } = recipe.paper
  const facts = t('facts', {
    citation,
    title,
    place,
    parameters: numbers.countShort(parameters),
    macs: String(macsMillions),
  })
  return (
    <header className={styles.head}>
      <div className={styles.headWords}>
        <div className={styles.titleRow}>
          <h1>{t('title')}</h1>
          <span className={styles.slash}>/</span>
          <span className={styles.recipeName}>{`${modelLabel}, ${datasetLabel}`}</span>
          <ButtonLink href="/new-run" size="small">
            {t('changeRecipe')}
          </ButtonLink>
        </div>
        <p className={styles.facts} title={facts}>
          {facts}
        </p>
      </div>
      <div className={styles.paperFigure}>
        <span className={styles.quiet}>{t('paperReports')}</span>
        <span className={styles.figure}>
          {numbers.percentValue(figure)}
          <small>% top-1</small>
        </span>
      </div>
    </header>
  )
}
