import {
  BookOpen,
  Contrast,
  FlaskConical,
  Hand,
  House,
  Images,
  Keyboard,
  Languages,
  type LucideIcon,
  PanelLeft,
  Play,
  Plus,
  Rows3,
  Settings as SettingsIcon,
  Trash2,
  Undo2,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunSummary, Settings } from '../../src-main/shared/api.ts'
import { useOutcomeWords } from '../charts/verdict-label.ts'
import { navigate } from '../router/router.ts'
import { settingsSections } from '../router/routes.ts'
import { changeSettings, useEngineStore } from '../stores/engine-store.ts'
import { holdQueue, useQueueStore } from '../stores/queue-store.ts'
import { useRunsStore } from '../stores/runs-store.ts'
import { setShortcutsOpen, toggleSidebar } from '../stores/ui-store.ts'
import { useUndoStore } from '../stores/undo-store.ts'
import { attempt } from './attempt.ts'
import { keysText } from './keys.ts'
import { undoLast } from './undo.ts'

export interface PaletteEntry {
  id: string
  group: 'actions' | 'recipes' | 'runs' | 'datasets' | 'settings'
  label: string
  icon: LucideIcon
  /** The kind or state, at the right. */
  note: string
  keys?: string
  /** Found by these words as well. */
  keywords: string[]
  run: () => void
}

/** Everything the palette offers now. */
export function usePaletteEntries(): PaletteEntry[] {
  const { t } = useTranslation(['frame', 'sharedWords', 'settings'])
  const recipes = useEngineStore((state) => state.recipes) ?? []
  const datasets = useEngineStore((state) => state.datasets) ?? []
  const runs = useRunsStore((state) => state.runs) ?? []
  const held = useQueueStore((state) => state.held)
  const last = useUndoStore((state) => state.done.at(-1))
  const outcomeWords = useOutcomeWords()
  const noteOf = (run: RunSummary) => {
    if (run.verdict && run.finishedAt !== null) return outcomeWords(run.verdict)
    if (run.status === 'running') return t('frame:running')
    return t(`sharedWords:status.${run.status}`)
  }
  const setting = (change: Partial<Settings>) => () => void attempt(() => changeSettings(change))

  const views = [
    { id: 'home', label: t('frame:home'), icon: House, path: '/' },
    { id: 'recipes', label: t('frame:recipes'), icon: BookOpen, path: '/recipes' },
    { id: 'datasets', label: t('frame:datasets'), icon: Images, path: '/datasets' },
    { id: 'runs', label: t('frame:runs'), icon: FlaskConical, path: '/runs' },
  ]
  const actions: PaletteEntry[] = [
    {
      id: 'new-run',
      group: 'actions',
      label: t('frame:newRun'),
      icon: Plus,
      note: '',
      keys: keysText('Mod+N'),
      keywords: ['new run', 'train'],
      run: () => navigate('/new-run'),
    },
    ...views.map(
      (view, index): PaletteEntry => ({
        id: `go-${view.id}`,
        group: 'actions',
        label: t('frame:palette.goTo', { view: view.label }),
        icon: view.icon,
        note: '',
        keys: keysText(`Mod+${index + 1}`),
        keywords: [view.id],
        run: () => navigate(view.path),
      }),
    ),
    ...(last
      ? [
          {
            id: 'undo',
            group: 'actions' as const,
            label: t('frame:palette.undo', { what: last.words() }),
            icon: Undo2,
            note: '',
            keys: keysText('Mod+Z'),
            keywords: ['undo'],
            run: () => void undoLast(),
          },
        ]
      : []),
    {
      id: 'hold-queue',
      group: 'actions',
      label: t(held ? 'frame:palette.letQueueGoOn' : 'frame:queueHold'),
      icon: held ? Play : Hand,
      note: '',
      keywords: ['queue', 'hold'],
      run: () => void attempt(() => holdQueue(!held)),
    },
    {
      id: 'go-bin',
      group: 'actions',
      label: t('frame:palette.goTo', { view: t('frame:bin') }),
      icon: Trash2,
      note: '',
      keywords: ['bin', 'trash', 'deleted'],
      run: () => navigate({ view: 'bin' }),
    },
    {
      id: 'toggle-sidebar',
      group: 'actions',
      label: t('frame:palette.toggleSidebar'),
      icon: PanelLeft,
      note: '',
      keys: keysText('Mod+B'),
      keywords: ['sidebar'],
      run: toggleSidebar,
    },
    {
      id: 'shortcuts',
      group: 'actions',
      label: t('frame:palette.shortcuts'),
      icon: Keyboard,
      note: '',
      keys: keysText('Mod+/'),
      keywords: ['keyboard', 'help', '?'],
      run: () => setShortcutsOpen(true),
    },
  ]
  const choices: PaletteEntry[] = [
    ...(['system', 'light', 'dark'] as const).map((value) => ({
      id: `theme-${value}`,
      label: t('frame:palette.theme', { value: t(`settings:themes.${value}`) }),
      icon: Contrast,
      keywords: ['theme', value],
      run: setting({ theme: value }),
    })),
    ...(['comfortable', 'compact'] as const).map((value) => ({
      id: `density-${value}`,
      label: t('frame:palette.density', { value: t(`settings:densities.${value}`) }),
      icon: Rows3,
      keywords: ['density', value],
      run: setting({ density: value }),
    })),
    ...(['en', 'zh'] as const).map((value) => ({
      id: `language-${value}`,
      label: t('frame:palette.language', { value: value === 'en' ? 'English' : '简体中文' }),
      icon: Languages,
      keywords: ['language', value],
      run: setting({ language: value }),
    })),
    ...settingsSections.map((section) => ({
      id: `settings-${section}`,
      label: t(`settings:sections.${section}`),
      icon: SettingsIcon,
      keywords: ['settings', section],
      run: () => navigate({ view: 'settings', section }),
    })),
  ].map((choice): PaletteEntry => ({ ...choice, group: 'settings', note: t('frame:palette.settings') }))

  return [
    ...actions,
    ...recipes.map(
      ({ recipe, modelLabel, datasetLabel }): PaletteEntry => ({
        id: `recipe-${recipe.id}`,
        group: 'recipes',
        label: t('frame:palette.newRunFrom', { recipe: recipe.title }),
        icon: Play,
        note: t('frame:recipes'),
        keywords: [recipe.id, modelLabel, datasetLabel, recipe.paper.citation],
        run: () => navigate({ view: 'new-run', recipeId: recipe.id, from: null }),
      }),
    ),
    ...runs.map(
      (run): PaletteEntry => ({
        id: `run-${run.id}`,
        group: 'runs',
        label: `${run.id} ${run.name}`,
        icon: FlaskConical,
        note: noteOf(run),
        keywords: [run.id, run.recipeId],
        run: () => navigate({ view: 'run', runId: run.id, tab: null }),
      }),
    ),
    ...datasets.map(
      (dataset): PaletteEntry => ({
        id: `dataset-${dataset.id}`,
        group: 'datasets',
        label: dataset.label,
        icon: Images,
        note: t('frame:datasets'),
        keywords: [dataset.id],
        run: () => navigate({ view: 'dataset', datasetId: dataset.id, tab: 'health' }),
      }),
    ),
    ...choices,
  ]
}
