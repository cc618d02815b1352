import { charts } from './charts.ts'
import { common } from './common.ts'
import { datasets } from './datasets.ts'
import { frame } from './frame.ts'
import { home } from './home.ts'
import { newRun } from './new-run.ts'
import { recipes } from './recipes.ts'
import { run } from './run.ts'
import { runs } from './runs.ts'
import { settings } from './settings.ts'

/** All English texts by area. */
export const en = { charts, common, datasets, frame, home, newRun, recipes, run, runs, settings } as const
