import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

function start(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'start.mjs'), ...args])
  return { status, stdout: String(stdout), stderr: String(stderr) }
}

it('takes neither unknown options nor impossible ports', () => {
  expect(start('--windowless')).toMatchObject({ status: 2, stderr: expect.stringContaining('--no-window') })
  expect(start('--listen', 'example.org')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("not 'example.org'"),
  })
  expect(start('--port', '70000')).toMatchObject({ status: 2, stderr: expect.stringContaining("not '70000'") })
})

it('explains itself', () => {
  expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--port N') })
})
