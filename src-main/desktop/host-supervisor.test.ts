import { expect, test } from 'vitest'
import type { HostState } from '../shared/desktop-bridge.ts'
import { RepriseError } from '../shared/errors.ts'
import { type HostSupervisor, type ReachedHost, type SupervisorOptions, superviseHost } from './host-supervisor.ts'

/** A supervisor over hosts that live until `die` is called, with every state it went through. */
function setUp(reach: (try_: number) => 'lives' | 'dies' | RepriseError, more: Partial<SupervisorOptions> = {}) {
  const states: HostState[] = []
  const waiting: { status: HostState['status']; resolve: () => void }[] = []
  const wishes: (number | undefined)[] = []
  const released: boolean[] = []
  let die = (_reason: string) => {}
  const supervisor: HostSupervisor = superviseHost({
    backoff: () => 0,
    onState(state) {
      states.push(state)
      for (const entry of waiting.splice(0)) state.status === entry.status ? entry.resolve() : waiting.push(entry)
    },
    async reach({ port }) {
      wishes.push(port)
      const outcome = reach(wishes.length)
      if (outcome instanceof RepriseError) throw outcome
      const host: ReachedHost = {
        url: 'http://127.0.0.1:7411/',
        port: 7411,
        token: 'secret',
        pid: wishes.length,
        own: true,
        gone: outcome === 'dies' ? Promise.resolve('exit code 1') : new Promise((resolve) => (die = resolve)),
        release: async ({ leaveRunning }) => void released.push(leaveRunning),
      }
      return host
    },
    ...more,
  })
  const next = (status: HostState['status']) =>
    new Promise<void>((resolve) => {
      waiting.push({ status, resolve })
    })
  return { supervisor, states, wishes, released, next, die: (reason: string) => die(reason) }
}

const unreachable = new RepriseError({ code: 'host-unreachable', message: 'The engine did not answer.' })

test('a host that answers is ready', async () => {
  const { supervisor } = setUp(() => 'lives')
  expect(await supervisor.start()).toEqual({ status: 'ready', url: 'http://127.0.0.1:7411/', pid: 1 })
  expect(supervisor.host()?.token).toBe('secret')
})

test('a dead host is started again on the same port', async () => {
  const { supervisor, wishes, next, die } = setUp(() => 'lives')
  await supervisor.start()
  const ready = next('ready')
  die('signal SIGKILL')
  await ready
  expect(wishes).toEqual([undefined, 7411])
  expect(supervisor.state()).toMatchObject({ status: 'ready', pid: 2 })
})

test('a host that dies again and again is given up after five restarts, with the reason', async () => {
  const { supervisor, wishes, next } = setUp(() => 'dies')
  const failed = next('failed')
  await supervisor.start()
  await failed
  expect(wishes.length).toBe(6)
  expect(supervisor.state()).toMatchObject({
    status: 'failed',
    error: { code: 'host-unreachable', found: 'exit code 1' },
  })
})

test('a host that was steady may die any number of times', async () => {
  const { supervisor, wishes, next, die } = setUp(() => 'lives', { steadyAfter: 0 })
  await supervisor.start()
  for (let death = 0; death < 10; death++) {
    const ready = next('ready')
    die('signal SIGKILL')
    await ready
  }
  expect(wishes.length).toBe(11)
})

test('a failed start is tried again', async () => {
  const { supervisor } = setUp((n) => (n < 3 ? unreachable : 'lives'))
  expect(await supervisor.start()).toMatchObject({ status: 'ready', pid: 3 })
})

test('an error that another try cannot mend is shown at once, and a start by hand tries again', async () => {
  const newer = new RepriseError({ code: 'database-newer', message: 'The history is from a newer version.' })
  const { supervisor, wishes } = setUp((n) => (n === 1 ? newer : 'lives'))
  expect(await supervisor.start()).toMatchObject({ status: 'failed', error: { code: 'database-newer' } })
  expect(wishes.length).toBe(1)
  expect(await supervisor.start()).toMatchObject({ status: 'ready' })
})

test('stopping releases the host and starts no other', async () => {
  const { supervisor, wishes, released, die } = setUp(() => 'lives')
  await supervisor.start()
  await supervisor.stop({ leaveRunning: true })
  die('exit code 0')
  await Promise.resolve()
  expect(released).toEqual([true])
  expect(wishes.length).toBe(1)
})
