import { expect, test, vi } from 'vitest'
import type { PictureItem } from '../../../../src-main/shared/dataset-views.ts'
import { createPageCache, pageSize } from './picture-pages.ts'

const picture = (number: number): PictureItem => ({
  picture: number,
  name: `${number}.png`,
  label: 0,
  part: 'train',
  bytes: 1,
  width: 1,
  height: 1,
  format: 'png',
  problem: null,
  excluded: false,
  twin: null,
})

const total = 1_300_000
const readPage = async (offset: number, limit: number) => ({
  total,
  items: Array.from({ length: Math.min(limit, total - offset) }, (_, index) => picture(offset + index)),
})

const answered = () => new Promise((resolve) => setTimeout(resolve, 0))

test('a place far down is read alone, and only once', async () => {
  const read = vi.fn(readPage)
  const onChange = vi.fn()
  const cache = createPageCache(read, onChange)
  const place = 1_234_567
  cache.want(place, place + 10)
  cache.want(place, place + 10)
  expect(cache.item(place)).toBeNull()
  await vi.waitFor(() => expect(cache.item(place)?.picture).toBe(place))
  expect(read).toHaveBeenCalledTimes(1)
  expect(onChange).toHaveBeenCalledWith({ total })
})

test('pages of a long journey are forgotten, the newest and the revisited ones stay', async () => {
  const cache = createPageCache(readPage, () => undefined)
  for (let page = 0; page < 200; page++) {
    cache.want(page * pageSize, page * pageSize)
    await answered()
    expect(cache.item(page * pageSize)).not.toBeNull()
    cache.want(0, 0)
  }
  expect(cache.item(199 * pageSize)).not.toBeNull()
  expect(cache.item(0)).not.toBeNull()
  expect(cache.item(3 * pageSize)).toBeNull()
})

test('a page that failed is asked for again, and its error is told', async () => {
  const onChange = vi.fn()
  const read = vi.fn(readPage).mockRejectedValueOnce(new Error('away'))
  const cache = createPageCache(read, onChange)
  cache.want(0, 0)
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledWith({ error: expect.objectContaining({ message: 'away' }) }))
  cache.want(0, 0)
  await vi.waitFor(() => expect(cache.item(0)).not.toBeNull())
})

test('answers that arrive after the list was closed change nothing', async () => {
  const onChange = vi.fn()
  const cache = createPageCache(readPage, onChange)
  cache.want(0, 0)
  cache.close()
  await answered()
  expect(onChange).not.toHaveBeenCalled()
})
