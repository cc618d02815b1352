// `reprise runs remove`, `bin`, `restore` and `empty-bin`: runs that are to go, and taking them back.
import { withHost } from './host-connection.ts'
import { size } from './number-words.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'

export function removeRun(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    await host.call(host.client.runs.remove.mutate({ id }))
    output.result({ removed: id }, () => `${id} lies in the bin; "reprise runs restore ${id}" takes it back.`)
  })
}

export function listBin(output: Output): Promise<void> {
  return withHost(async (host) => {
    const entries = await host.call(host.client.storage.bin.query())
    const day = (ms: number | null) => (ms === null ? 'never' : new Date(ms).toLocaleDateString('en-GB'))
    output.result(entries, () => {
      if (entries.length === 0) return 'The bin is empty.'
      const rows = entries.map((e) => [e.runId, e.name, e.recipeId, size(e.bytes), day(e.removedAt), day(e.deletedAt)])
      const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
      return `${table(['RUN', 'NAME', 'RECIPE', 'SIZE', 'REMOVED', 'DELETED'], rows)}\n\n${size(bytes)} in all.`
    })
  })
}

export function restoreRun(id: string, output: Output): Promise<void> {
  return withHost(async (host) => {
    const run = await host.call(host.client.runs.restore.mutate({ id }))
    output.result(run, () => `${run.name} (${run.id}) is back: ${run.status}.`)
  })
}

/** Deletes runs in the bin for good: those named, else all. */
export function emptyBin(ids: readonly string[], output: Output): Promise<void> {
  return withHost(async (host) => {
    const which = ids.length === 0 ? {} : { ids: [...ids] }
    const freedBytes = await host.call(host.client.storage.emptyBin.mutate(which))
    output.result({ freedBytes }, () => `${size(freedBytes)} freed.`)
  })
}
