import { charts } from './charts.ts'
import { dataset } from './dataset.ts'
import { datasets } from './datasets.ts'
import { frame } from './frame.ts'
import { health } from './health.ts'
import { home } from './home.ts'
import { inputs } from './inputs.ts'
import { newRun } from './new-run.ts'
import { pictures } from './pictures.ts'
import { recipes } from './recipes.ts'
import { run } from './run.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'
import { sharedWords } from './shared-words.ts'

/** All English texts by area. */
export const en = {
  charts,
  sharedWords,
  dataset,
  datasets,
  frame,
  health,
  home,
  inputs,
  newRun,
  pictures,
  recipes,
  run,
  runs,
  settings,
} as const
