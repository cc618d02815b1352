import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { createSteps } from './steps.mjs'

function recorder() {
  const stream = new PassThrough()
  stream.setEncoding('utf8')
  return { stream, text: () => stream.read() ?? '' }
}

it('says each step with its place, its result and its seconds', async () => {
  const { stream, text } = recorder()
  const steps = createSteps(2, { stream })
  const found = await steps.run('npm packages', async () => ({ words: 'ready', count: 3 }))
  await steps.run('interface', async () => undefined)
  expect(found.count).toBe(3)
  expect(text()).toMatch(/^\[1\/2\] npm packages: ready \(\d\.\d s\)\n\[2\/2\] interface: done \(\d\.\d s\)\n$/)
})

it('keeps quiet about a step that is done at once, but not about one that fails', async () => {
  const { stream, text } = recorder()
  const steps = createSteps(2, { stream, quiet: true })
  await steps.run('Node 24', async () => ({ words: 'ready' }))
  expect(text()).toBe('')
  const failing = steps.run('libtensorflow', async () => {
    throw new Error('no network')
  })
  await expect(failing).rejects.toThrow('no network')
  expect(text()).toMatch(/^\[2\/2\] libtensorflow: failed/)
})

it('shows how far a long step is, every few seconds where no terminal is', async () => {
  const { stream, text } = recorder()
  const steps = createSteps(1, { stream })
  const shown = new Promise((resolve) => stream.once('readable', resolve))
  await steps.run('libtensorflow', async (progress) => {
    progress('fetching, 10 of 274 MB')
    await shown
  })
  expect(text()).toContain('[1/1] libtensorflow: fetching, 10 of 274 MB (')
})
