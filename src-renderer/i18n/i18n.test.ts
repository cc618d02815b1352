import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { en } from './en/index.ts'
import { chosenLanguage } from './i18n.ts'
import { zh } from './zh/index.ts'

type Texts = { readonly [key: string]: string | Texts }

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text)
  }
  return flat
}

/** Names of the values that a message needs. */
function valuesOf(message: string, language: string): string[] {
  const names = new Set<string>()
  const walk = (elements: readonly unknown[]) => {
    for (const element of elements as {
      type: number
      value?: string
      options?: Record<string, { value: unknown[] }>
    }[]) {
      // 0 is plain text and 7 the # of a plural; all others carry the name of a value.
      if (element.type !== 0 && element.type !== 7 && element.value) names.add(element.value)
      for (const option of Object.values(element.options ?? {})) walk(option.value)
    }
  }
  walk(new IntlMessageFormat(message, language).getAst())
  return [...names].sort()
}

const english = flatten(en)
const chinese = flatten(zh)

test('Chinese has every English text and no other', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
})

test('every message parses and takes the same values in both languages', () => {
  for (const [key, message] of english) {
    const other = chinese.get(key) ?? ''
    expect([key, valuesOf(other, 'zh')]).toEqual([key, valuesOf(message, 'en')])
  }
})

test('Chinese, which has one plural form, names single things by the number', () => {
  for (const [key, message] of chinese) expect([key, / one \{/.test(message)]).toEqual([key, false])
})

test('no text is empty', () => {
  for (const [key, message] of [...english, ...chinese]) expect([key, message.trim() === '']).toEqual([key, false])
})

describe('the language of the system', () => {
  test('is Chinese or English, whichever the reader prefers first', () => {
    expect(chosenLanguage('system', ['fr-FR', 'zh-Hans-CN', 'en-US'])).toBe('zh')
    expect(chosenLanguage('system', ['en-GB', 'zh-CN'])).toBe('en')
    expect(chosenLanguage('system', ['fr-FR'])).toBe('en')
  })

  test('gives way to a chosen language', () => {
    expect(chosenLanguage('en', ['zh-CN'])).toBe('en')
  })
})
