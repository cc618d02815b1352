// Pages of a filtered list of pictures, fetched as they come into view; only those lately used are kept.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PictureFilter, PictureItem, PicturePage } from '../../../../src-main/shared/dataset-views.ts'
import { type ErrorReport, toErrorReport } from '../../../../src-main/shared/errors.ts'
import { engineClient } from '../../../client/current-client.ts'

export const pageSize = 120
/** About 10,000 pictures. */
const keptPages = 80
/** While the reader scrolls fast, pages that are passed within this time are not asked for. */
const settleMs = 40

export type ReadPage = (offset: number, limit: number) => Promise<PicturePage>

interface PictureList {
  /** Null until the first page is there. */
  total: number | null
  error: ErrorReport | null
  /** Null while its page is not there. */
  item: (place: number) => PictureItem | null
  /** Asks for the pictures from one place to another, once the reader rests there. */
  want: (first: number, last: number) => void
}

/** Reads pages once each and forgets those not used for longest. */
export function createPageCache(read: ReadPage, onChange: (change: { total?: number; error?: ErrorReport }) => void) {
  const pages = new Map<number, PictureItem[] | 'reading'>()
  let closed = false

  const load = async (page: number) => {
    pages.set(page, 'reading')
    try {
      const { items, total } = await read(page * pageSize, pageSize)
      if (closed) return
      pages.set(page, items)
      for (const oldest of pages.keys()) {
        if (pages.size <= keptPages) break
        pages.delete(oldest)
      }
      onChange({ total })
    } catch (error) {
      if (closed) return
      pages.delete(page)
      onChange({ error: toErrorReport(error) })
    }
  }

  return {
    item(place: number): PictureItem | null {
      const items = pages.get(Math.floor(place / pageSize))
      return items === undefined || items === 'reading' ? null : (items[place % pageSize] ?? null)
    },
    /** Makes sure that the places from `first` to `last` are read or being read. */
    want(first: number, last: number) {
      for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
        const known = pages.get(page)
        if (known === undefined) void load(page)
        else {
          pages.delete(page)
          pages.set(page, known)
        }
      }
    },
    close() {
      closed = true
    },
  }
}

/** The pictures of a data set under one filter; `version` reads them again, and what was there stays until then. */
export function usePictureList(id: string, filter: PictureFilter, version: number): PictureList {
  const key = JSON.stringify(filter)
  const [total, setTotal] = useState<number | null>(null)
  const [error, setError] = useState<ErrorReport | null>(null)
  const [, setDrawn] = useState(0)
  const cache = useRef<ReturnType<typeof createPageCache> | null>(null)
  const wanted = useRef({ first: 0, last: pageSize - 1, timer: 0 })

  useEffect(() => {
    const filterNow = JSON.parse(key) as PictureFilter
    const next = createPageCache(
      (offset, limit) => engineClient().datasets.pictures(id, filterNow, offset, limit),
      (change) => {
        cache.current = next
        if (change.total !== undefined) setTotal(change.total)
        setError(change.error ?? null)
        setDrawn((count) => count + 1)
      },
    )
    const { first, last } = wanted.current
    next.want(first, last)
    return () => next.close()
  }, [id, key, version])

  const want = useCallback((first: number, last: number) => {
    const now = wanted.current
    if (now.first === first && now.last === last) return
    now.first = first
    now.last = last
    clearTimeout(now.timer)
    now.timer = window.setTimeout(() => cache.current?.want(first, last), settleMs)
  }, [])
  const item = useCallback((place: number) => cache.current?.item(place) ?? null, [])
  return { total, error, item, want }
}
