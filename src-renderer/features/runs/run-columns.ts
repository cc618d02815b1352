// Columns of the runs table as the table library wants them: what each sorts by and which leave first when it is narrow.
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
} from '@tanstack/react-table'
import type { RunSummary } from '../../../src-main/shared/api.ts'
import { endOrder, finishedSeeds, runFigure } from './run-list.ts'

export const runTableFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
})

const column = createColumnHelper<typeof runTableFeatures, RunSummary>()

/** Missing figures sort below all others. */
const orLowest = (value: number | null) => value ?? Number.NEGATIVE_INFINITY

export const runColumns = column.columns([
  column.accessor('name', { id: 'name', sortFn: sortFn_text }),
  column.accessor((run) => run.verdict?.outcome ?? run.status, { id: 'status', sortFn: sortFn_text }),
  column.accessor((run) => orLowest(runFigure(run).mean), { id: 'top1', sortFn: sortFn_basic }),
  column.accessor(finishedSeeds, { id: 'seeds', sortFn: sortFn_basic }),
  column.accessor((run) => orLowest(run.verdict?.mean == null ? null : run.verdict.mean - run.verdict.paper), {
    id: 'againstPaper',
    sortFn: sortFn_basic,
  }),
  column.accessor('seconds', { id: 'duration', sortFn: sortFn_basic }),
  column.accessor((run) => run.device ?? '', { id: 'device', sortFn: sortFn_text }),
  column.accessor(endOrder, { id: 'finished', sortFn: sortFn_basic }),
])

export type RunColumnId = 'name' | 'status' | 'top1' | 'seeds' | 'againstPaper' | 'duration' | 'device' | 'finished'
