import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cpuCelsius, gpuCelsius } from './temperature.ts'

function folderWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'reprise-sys-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

test('the hottest sensor of the processor counts, and those of other parts do not', async () => {
  const sys = folderWith({
    'class/thermal/thermal_zone0/type': 'acpitz\n',
    'class/thermal/thermal_zone0/temp': '110000\n',
    'class/thermal/thermal_zone1/type': 'x86_pkg_temp\n',
    'class/thermal/thermal_zone1/temp': '71000\n',
    'class/hwmon/hwmon0/name': 'nvme\n',
    'class/hwmon/hwmon0/temp1_input': '120000\n',
    'class/hwmon/hwmon1/name': 'coretemp\n',
    'class/hwmon/hwmon1/temp1_input': '70000\n',
    'class/hwmon/hwmon1/temp2_input': '73500\n',
    'class/hwmon/hwmon1/temp2_crit': '100000\n',
  })
  expect(await cpuCelsius(sys)).toBe(73.5)
})

test('a machine that shows no temperature has none', async () => {
  expect(await cpuCelsius(folderWith({}))).toBeNull()
  const asleep = { 'class/hwmon/hwmon0/name': 'k10temp', 'class/hwmon/hwmon0/temp1_input': '' }
  expect(await cpuCelsius(folderWith(asleep))).toBeNull()
})

test.skipIf(process.platform === 'win32')('the hottest GPU counts, as nvidia-smi prints it', async () => {
  const bin = folderWith({ 'nvidia-smi': '#!/bin/sh\nprintf "34\\n61\\n[N/A]\\n"\n' })
  chmodSync(join(bin, 'nvidia-smi'), 0o755)
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await gpuCelsius()).toBe(61)
  rmSync(join(bin, 'nvidia-smi'))
  vi.stubEnv('PATH', bin)
  expect(await gpuCelsius()).toBeNull()
})
