import type { Language } from './numbers.ts'

/** Sentences one after the other; Chinese ones need no space between them. */
export function joinSentences(sentences: readonly string[], language: Language): string {
  return sentences.filter((sentence) => sentence !== '').join(language === 'zh' ? '' : ' ')
}
