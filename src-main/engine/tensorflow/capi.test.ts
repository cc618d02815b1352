import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTensorFlow } from './capi.ts'
import { configProto } from './config-proto.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reprise-library-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a folder without the library is reported with what is missing and how to install it', () => {
  expect(() => openTensorFlow(folder)).toThrow(
    expect.objectContaining({
      code: 'libtensorflow-missing',
      found: expect.stringContaining(folder),
      fix: expect.stringContaining('npm start'),
    }),
  )
})

test('a damaged library is reported with what the loader found', () => {
  for (const name of ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'])
    writeFileSync(join(folder, name), 'no library')
  expect(() => openTensorFlow(folder)).toThrow(
    expect.objectContaining({ code: 'libtensorflow-damaged', found: expect.stringMatching(/\.so\.2/) }),
  )
})

test('the session configuration is the protobuf of ConfigProto', () => {
  // Field 2 is intra_op_parallelism_threads; 10.10.31 is the switch for bfloat16 through oneDNN, 10.10.23 for float16.
  expect([...configProto({ intraThreads: 300 })]).toEqual([0x10, 0xac, 0x02])
  expect([...configProto({ mixedPrecision: 'bfloat16' })]).toEqual([0x52, 5, 0x52, 3, 0xf8, 1, 1])
  expect([...configProto({ mixedPrecision: 'float16' })]).toEqual([0x52, 5, 0x52, 3, 0xb8, 1, 1])
  expect([...configProto({ gpu: { allowGrowth: true } })]).toEqual([0x32, 2, 0x20, 1])
  expect([...configProto({ cpuOnly: true })]).toEqual([0x0a, 7, 0x0a, 3, 71, 80, 85, 0x10, 0])
  expect(configProto({})).toHaveLength(0)
})
