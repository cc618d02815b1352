import { describe, expect, it } from 'vitest'
import { RepriseError } from '../../shared/errors.ts'
import { corruptions, truncations } from './damaged-inputs.ts'
import { jsonElements } from './json-elements.ts'

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function elementsOf(text: string | Uint8Array, size: number, keys = ['a', 'b']): Promise<[string, unknown][]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const found: [string, unknown][] = []
  for await (const { key, value } of jsonElements(pieces(bytes, size), keys, 'x.json')) found.push([key, value])
  return found
}

const content = {
  info: { a: [1, 2], text: 'a "quoted" \\ [{' },
  a: [
    { id: 1, name: 'é]},"' },
    { id: 2, deep: [[1], { b: [3] }] },
  ],
  skipped: [1, { a: [] }],
  number: 5,
  b: [1, 'two', null, [3], -4.5e3, true],
  empty: [],
}
const expected = [...content.a.map((value) => ['a', value]), ...content.b.map((value) => ['b', value])]

describe('elements of arrays in a JSON object', () => {
  it('are those that JSON.parse finds, however the file is cut into pieces', async () => {
    for (const text of [JSON.stringify(content), JSON.stringify(content, null, 2)]) {
      for (const size of [1, 2, 3, 7, 64, 10_000]) expect(await elementsOf(text, size)).toEqual(expected)
    }
  })

  it('are refused with a reason where the file is cut off or no JSON object', async () => {
    const text = JSON.stringify(content)
    await expect(elementsOf(text.slice(0, -1), 10)).rejects.toMatchObject({ code: 'data-truncated' })
    await expect(elementsOf('[1, 2]', 10)).rejects.toMatchObject({ code: 'data-format' })
    await expect(elementsOf('{"a": [1, nope]}', 10)).rejects.toMatchObject({ code: 'data-format' })
    await expect(elementsOf('', 10)).rejects.toMatchObject({ code: 'data-truncated' })
    const bytes = new TextEncoder().encode(text)
    for (const damaged of [...truncations(bytes, 100), ...corruptions(bytes, 500)]) {
      await elementsOf(damaged, 50).catch((error: unknown) => {
        if (!(error instanceof RepriseError)) throw error
      })
    }
  })
})
