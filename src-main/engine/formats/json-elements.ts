// JSON files too large to be parsed at once, of which the arrays directly inside the outermost object matter.
import { RepriseError } from '../../shared/errors.ts'

const mostElementBytes = 64 * 1024 * 1024
const text = new TextDecoder()

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/**
 * Elements of the arrays that the outermost object has under `keys`, one by one, each parsed by itself.
 * Throws `data-truncated` when the file ends inside, `data-format` when an element is no JSON.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Uint8Array>,
  keys: readonly string[],
  file: string,
): AsyncIterable<{ key: string; value: unknown }> {
  /** What is kept of the file: from the element or key that has begun. */
  let kept: Uint8Array = new Uint8Array()
  let at = 0
  let depth = 0
  let inString = false
  let isEscaped = false
  let isArray = false
  let stringStart = -1
  let elementStart = -1
  let lastString = ''
  let key = ''
  for await (const chunk of chunks) {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    for (; at < kept.length; at++) {
      const byte = kept[at] ?? 0
      if (inString) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) {
          inString = false
          if (depth === 1) lastString = text.decode(kept.subarray(stringStart + 1, at))
          stringStart = -1
        }
        continue
      }
      // Numbers, of which such files consist mostly: between comma and colon only digits, dots, dashes and slashes lie.
      if (byte > comma && byte < colon && elementStart !== -1) continue
      if (depth === 0 && !isBlank(byte) && byte !== openBrace) throw damaged(file, 'other first characters')
      if (depth === 2 && isArray) {
        const ends = byte === comma || byte === closeBracket
        if (ends && elementStart !== -1) {
          if (keys.includes(key)) yield { key, value: parsed(kept.subarray(elementStart, at), key, file) }
          elementStart = -1
        } else if (!ends && !isBlank(byte) && elementStart === -1) elementStart = at
      }
      if (byte === quote) {
        inString = true
        if (depth === 1) stringStart = at
      } else if (byte === colon && depth === 1) key = lastString
      else if (byte === openBrace || byte === openBracket) {
        if (depth === 1) isArray = byte === openBracket
        depth += 1
      } else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1
        if (depth === 0) return
      }
    }
    const from = elementStart !== -1 ? elementStart : stringStart !== -1 ? stringStart : at
    if (kept.length - from > mostElementBytes) throw damaged(file, `an entry of more than ${mostElementBytes} bytes`)
    kept = kept.subarray(from)
    at -= from
    if (elementStart !== -1) elementStart -= from
    if (stringStart !== -1) stringStart -= from
  }
  throw new RepriseError({
    code: 'data-truncated',
    message: `${file} ends too early`,
    expected: 'a whole JSON object',
    found: 'an object without its end',
    fix: 'The copy or download was cut off: get the file again from its source.',
  })
}

function parsed(bytes: Uint8Array, key: string, file: string): unknown {
  try {
    return JSON.parse(text.decode(bytes))
  } catch (error) {
    throw damaged(file, `in "${key}": ${(error as Error).message}`)
  }
}

function damaged(file: string, found: string): RepriseError {
  return new RepriseError({
    code: 'data-format',
    message: `${file} cannot be read as JSON`,
    expected: 'a sound JSON object',
    found,
    fix: 'Get the file again from its source.',
  })
}
