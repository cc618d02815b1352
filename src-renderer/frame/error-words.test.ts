import { expect, test } from 'vitest'
import type { ErrorReport } from '../../src-main/shared/errors.ts'
import { errorWords, reportText } from './error-words.ts'

const report: ErrorReport = {
  code: 'no-class-folders',
  message: 'This folder has no class folders.',
  expected: 'one folder per class, such as train/cat/001.png',
  found: '812 pictures in one folder',
  fix: 'Sort them into class folders.',
  details: { path: '/pictures' },
}

test('English shows what happened, what was expected and found, and what to do', () => {
  expect(errorWords(report, 'en')).toEqual({
    message: 'This folder has no class folders.',
    lines: [
      'Expected: one folder per class, such as train/cat/001.png.',
      'Found: 812 pictures in one folder.',
      'Sort them into class folders.',
    ],
  })
})

test('Chinese has its own sentence by code and keeps what was found', () => {
  const { message, lines } = errorWords(report, 'zh')
  expect(message).toBe('此文件夹没有类别子文件夹。')
  expect(lines[0]).toContain('812 pictures')
})

test('a code without a Chinese sentence shows what the engine said', () => {
  expect(errorWords({ code: 'tensorflow-op', message: 'Conv2D: shapes differ' }, 'zh').message).toBe(
    'Conv2D: shapes differ',
  )
})

test('the report to copy carries the code, all sentences and the details', () => {
  const text = reportText(report)
  for (const part of ['no-class-folders', '812 pictures', 'Sort them', '/pictures']) expect(text).toContain(part)
})
