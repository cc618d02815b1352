import { charts } from './charts.ts'
import { datasets } from './datasets.ts'
import { frame } from './frame.ts'
import { home } from './home.ts'
import { newRun } from './new-run.ts'
import { recipes } from './recipes.ts'
import { run } from './run.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'
import { sharedWords } from './shared-words.ts'

/** All English texts by area. */
export const en = { charts, sharedWords, datasets, frame, home, newRun, recipes, run, runs, settings } as const
