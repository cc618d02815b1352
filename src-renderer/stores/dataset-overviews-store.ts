// What an open data set shows beside its line: parts, health, split. Kept for as long as the page lives, so that coming
// back to a data set shows it at once.
import { create } from 'zustand'
import type { HostEvent } from '../../src-main/shared/api.ts'
import type { DatasetOverview } from '../../src-main/shared/dataset-views.ts'
import { type ErrorReport, toErrorReport } from '../../src-main/shared/errors.ts'
import { engineClient } from '../client/current-client.ts'

export interface DatasetOverviewsState {
  overviews: Record<string, DatasetOverview>
  errors: Record<string, ErrorReport>
  /** Grows when the pictures of a data set may differ from those that were read: parts, exclusions, a new check. */
  pictureVersions: Record<string, number>
}

export const useDatasetOverviewsStore = create<DatasetOverviewsState>()(() => ({
  overviews: {},
  errors: {},
  pictureVersions: {},
}))

const { setState, getState } = useDatasetOverviewsStore

/** Takes over an overview that the engine answered with; what is read of its pictures is read again. */
export function putOverview(overview: DatasetOverview): void {
  setState(({ overviews, errors, pictureVersions }) => {
    const { [overview.id]: _gone, ...otherErrors } = errors
    return {
      overviews: { ...overviews, [overview.id]: overview },
      errors: otherErrors,
      pictureVersions: { ...pictureVersions, [overview.id]: (pictureVersions[overview.id] ?? 0) + 1 },
    }
  })
}

/** Reads a data set in full. */
export async function loadOverview(id: string): Promise<void> {
  try {
    putOverview(await engineClient().datasets.overview(id))
  } catch (error) {
    setState({ errors: { ...getState().errors, [id]: toErrorReport(error) } })
  }
}

/** Reads every data set again that was opened, as after a gap in the events. */
export async function reloadOpenedOverviews(): Promise<void> {
  await Promise.all(Object.keys(getState().overviews).map(loadOverview))
}

function dropOverview(id: string): void {
  setState(({ overviews, errors }) => {
    const { [id]: _overview, ...otherOverviews } = overviews
    const { [id]: _error, ...otherErrors } = errors
    return { overviews: otherOverviews, errors: otherErrors }
  })
}

/** Takes over what an event says about data sets that were opened. */
export function applyOverviewsEvent(event: HostEvent): void {
  if (event.type === 'dataset-check') {
    const { overviews } = getState()
    const overview = overviews[event.id]
    if (!overview) return
    setState({ overviews: { ...overviews, [event.id]: { ...overview, checking: event.checking } } })
    // Its end brings the report, or why there is none.
    if (event.checking === null) void loadOverview(event.id)
  } else if (event.type === 'dataset-removed') {
    dropOverview(event.id)
  } else if (event.type === 'dataset' && event.dataset.status === 'ready' && getState().overviews[event.dataset.id]) {
    void loadOverview(event.dataset.id)
  }
}
