import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkCheckpoints } from './check-checkpoints.ts'

function runWith(steps: number[]): { runDir: string; file: (step: number) => string } {
  const root = mkdtempSync(join(tmpdir(), 'reprise-check-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const runDir = join(root, 'r-0001')
  const folder = join(runDir, 'checkpoints')
  mkdirSync(folder, { recursive: true })
  const name = (step: number) => `seed-1-state-${step}`
  for (const step of steps) {
    const bytes = Buffer.alloc(3_000_000, step)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(join(folder, `${name(step)}.safetensors`), bytes)
    const entry = { seed: 1, kind: 'state', step, epoch: 1, bytes: bytes.length, sha256, savedAt: 1, averaged: false }
    const text = JSON.stringify({ file: `${name(step)}.safetensors`, ...entry, top1: null })
    writeFileSync(join(folder, `${name(step)}.json`), text)
  }
  return { runDir, file: (step) => join(folder, `${name(step)}.safetensors`) }
}

test('whole checkpoints pass, unfinished files and lists of before are no checkpoints', async () => {
  const { runDir } = runWith([1, 2, 3])
  writeFileSync(join(runDir, 'checkpoints', 'seed-1-state-4.safetensors.part'), 'half')
  writeFileSync(join(runDir, 'checkpoints', 'manifest.json'), '[]')
  const signal = new AbortController().signal
  expect(await checkCheckpoints([runDir, `${runDir}-gone`], signal)).toEqual({ files: 3, damaged: [] })
})

test('a changed byte, a cut file and an entry that cannot be read are found', async () => {
  const { runDir, file } = runWith([1, 2, 3, 4])
  const bytes = Buffer.alloc(3_000_000, 2)
  bytes[2_999_999] = 0
  writeFileSync(file(2), bytes)
  truncateSync(file(3), 1000)
  writeFileSync(file(4).replace('safetensors', 'json'), '{"file": "seed-1')
  const { files, damaged } = await checkCheckpoints([runDir], new AbortController().signal)
  expect(files).toBe(4)
  expect(damaged).toEqual([2, 3, 4].map((step) => `r-0001/checkpoints/seed-1-state-${step}.safetensors`))
})

test('a checkpoint whose file is gone is damaged, one that a run has removed meanwhile is none', async () => {
  const { runDir, file } = runWith([1, 2, 3])
  rmSync(file(2))
  const check = checkCheckpoints([runDir], new AbortController().signal)
  rmSync(file(3).replace('safetensors', 'json'))
  rmSync(file(3))
  expect(await check).toEqual({ files: 2, damaged: ['r-0001/checkpoints/seed-1-state-2.safetensors'] })
})

test('a check that is not needed any more ends', async () => {
  const { runDir } = runWith([1])
  await expect(checkCheckpoints([runDir], AbortSignal.abort())).rejects.toThrow()
})
