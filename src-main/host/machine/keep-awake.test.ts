import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createKeepAwake } from './keep-awake.ts'

/** A folder with a tool that notes its process and does what the real one does: it runs the command after its options. */
function toolNamed(name: string, script = 'while [ "$1" != cat ]; do shift; done\nexec "$@"') {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-awake-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" > "${folder}/pid-$$"\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
  const pids = () => readdirSync(folder).flatMap((file) => (file.startsWith('pid-') ? [Number(file.slice(4))] : []))
  const options = () => readFileSync(join(folder, `pid-${pids()[0]}`), 'utf8')
  return { env: { ...process.env, PATH: `${folder}:${process.env.PATH}` }, pids, options }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A process that has ended and whose parent has not looked yet is no more.
    return !existsSync('/proc') || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5)
}

const posix = process.platform !== 'win32'

test.runIf(posix).each([
  ['linux', 'systemd-inhibit', '--what=idle:sleep'],
  ['darwin', 'caffeinate', '-i'],
] as const)('on %s sleep is blocked while wanted', async (platform, tool, option) => {
  const { env, pids, options } = toolNamed(tool)
  const awake = createKeepAwake({ onFailure: expect.unreachable, env, platform })
  onTestFinished(awake.close)
  awake.hold(true)
  awake.hold(true)
  await until(() => pids().length === 1)
  await until(() => options().includes(option))
  const [first = 0] = pids()
  expect(alive(first)).toBe(true)
  awake.hold(false)
  await until(() => !alive(first))
  awake.hold(true)
  await until(() => pids().length === 2)
})

test.runIf(posix)('the block ends with the process that wanted it, even when that is killed', async () => {
  const { env, pids } = toolNamed('systemd-inhibit')
  const module = new URL('./keep-awake.ts', import.meta.url).href
  const program = `
    const { createKeepAwake } = await import(${JSON.stringify(module)})
    createKeepAwake({ onFailure: () => {}, platform: 'linux' }).hold(true)
    setInterval(() => {}, 1000)`
  const host = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' })
  onTestFinished(() => void host.kill('SIGKILL'))
  await until(() => pids().length === 1)
  const [blocker = 0] = pids()
  expect(alive(blocker)).toBe(true)
  host.kill('SIGKILL')
  await until(() => !alive(blocker))
})

test.runIf(posix)('a tool that fails is told once and not tried again until the next training', async () => {
  const { env, pids } = toolNamed('systemd-inhibit', 'exit 1')
  const failures: string[] = []
  const awake = createKeepAwake({ onFailure: (reason) => failures.push(reason), env, platform: 'linux' })
  awake.hold(true)
  await until(() => failures.length === 1)
  awake.hold(true)
  await delay(30)
  expect(failures).toEqual(['systemd-inhibit ended with code 1'])
  expect(pids()).toHaveLength(1)
  awake.hold(false)
})

test('where there is no tool, nothing is done', async () => {
  const failures: string[] = []
  const none = createKeepAwake({ onFailure: (reason) => failures.push(reason), platform: 'win32' })
  none.hold(true)
  none.close()
  const absent = createKeepAwake({ onFailure: (reason) => failures.push(reason), env: { PATH: '' }, platform: 'linux' })
  absent.hold(true)
  await until(() => failures.length === 1)
  expect(failures).toEqual(['spawn systemd-inhibit ENOENT'])
  absent.close()
})
