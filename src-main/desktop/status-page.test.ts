import { expect, test } from 'vitest'
import { statusPage } from './status-page.ts'
import { shellWords } from './words.ts'

const words = shellWords('en', 'de-DE')

test('a failure says what happened, what was expected and found, and what to do', () => {
  const error = {
    code: 'port-in-use',
    message: 'Port 7410 is taken.',
    expected: 'a free port',
    found: 'process 4127',
    fix: 'Choose another port.',
  } as const
  const page = statusPage({ status: 'failed', error }, words)
  for (const text of Object.values(error).slice(1)) expect(page).toContain(text)
  expect(page).toContain('href="reprise:start-again"')
})

test('text of an error is text, not markup', () => {
  const error = { code: 'internal', message: '<img src=x onerror="alert(1)">' } as const
  const page = statusPage({ status: 'failed', error }, words)
  expect(page).not.toContain('<img')
  expect(page).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62;')
})

test('a second try is counted, in the language of the settings or else of the system', () => {
  expect(statusPage({ status: 'starting', attempt: 2 }, words)).toContain('try 2 of 5')
  expect(statusPage({ status: 'starting', attempt: 0 }, shellWords('system', 'zh-Hans-CN'))).toContain('引擎正在启动')
  expect(statusPage({ status: 'starting', attempt: 0 }, shellWords('zh', 'en-US'))).toContain('引擎正在启动')
})
