// Language of the page: English and Simplified Chinese, ICU messages, typed keys.
import i18next from 'i18next'
import ICU from 'i18next-icu'
import { useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Settings } from '../../src-main/shared/api.ts'
import { en } from './en/index.ts'
import { type Language, type Numbers, numbersFor } from './numbers.ts'
import { zh } from './zh/index.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'sharedWords'
    resources: typeof en
    returnNull: false
  }
}

/** The language that a setting means on this machine. */
export function chosenLanguage(setting: Settings['language'], systemLanguages: readonly string[]): Language {
  if (setting !== 'system') return setting
  const known = systemLanguages.find((tag) => /^(en|zh)\b/i.test(tag))
  return known?.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** Starts the translations; words are there at once, nothing is fetched. */
export function startTranslations(language: Language): void {
  void i18next
    .use(ICU)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'en',
      ns: Object.keys(en),
      defaultNS: 'sharedWords',
      resources: { en, zh },
      interpolation: { escapeValue: false },
      returnNull: false,
      initAsync: false,
    })
}

/** Switches the language of the whole page at once; drafts and positions stay. */
export function setLanguage(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  if (i18next.language !== language) void i18next.changeLanguage(language)
}

/** The present language. Draws again when it changes. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return i18n.language === 'zh' ? 'zh' : 'en'
}

/** The writers of figures in the present language. */
export function useNumbers(): Numbers {
  const language = useLanguage()
  return useMemo(() => numbersFor(language), [language])
}
