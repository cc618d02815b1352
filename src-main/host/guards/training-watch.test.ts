import { expect, onTestFinished, test } from 'vitest'
import type { RunAlert } from '../../shared/run-alerts.ts'
import type { WorkerToHost } from '../../shared/worker-protocol.ts'
import type { ClockReading } from '../machine/clocks.ts'
import { recipeNamed } from '../test-host/stored-run.ts'
import { createTrainingWatch } from './training-watch.ts'

const { config } = recipeNamed('mnist-lenet5')

const steps = (step: number, stepSeconds = 0.1): WorkerToHost => ({
  type: 'steps',
  seed: 1,
  points: [{ step, epoch: 0, loss: 1, lr: 0.1 }],
  step,
  imagesPerSecond: 1,
  stepSeconds,
  secondsLeft: 1,
})

/** A machine whose readings a test sets, and trainings that do what a guard asks as a run does. */
function watchOver() {
  const machine = { disk: 100e9, gpu: null as number | null, cpu: null as number | null, memory: 8e9, unwritten: 0 }
  const settings = { maxCelsius: 90, minFreeBytes: 2e9 }
  const clock: ClockReading = { wallMs: 1.7e12, monotonicMs: 0, uptimeSeconds: 100 }
  const notices: string[] = []
  const work: boolean[] = []
  const watch = createTrainingWatch({
    settings: () => settings,
    machine: {
      freeDiskBytes: async () => machine.disk,
      gpuCelsius: async () => machine.gpu,
      cpuCelsius: async () => machine.cpu,
      freeMemoryBytes: () => machine.memory,
      memoryBytes: () => 16e9,
      clocks: () => ({ ...clock }),
    },
    notices: { tell: (kind, values) => notices.push(`${kind} ${JSON.stringify(values)}`) },
    unwrittenSeconds: () => machine.unwritten,
    atWork: (working) => work.push(working),
    everyMs: 5000,
  })
  onTestFinished(watch.close)

  const pass = (seconds: number, clocks = { wall: true, monotonic: true, uptime: true }) => {
    if (clocks.wall) clock.wallMs += seconds * 1000
    if (clocks.monotonic) clock.monotonicMs += seconds * 1000
    if (clocks.uptime) clock.uptimeSeconds += seconds
  }
  const start = (run: number) => {
    const told: [RunAlert['kind'], RunAlert['values']][] = []
    const state = { is: 'running' as 'running' | 'pausing' | 'paused', by: null as 'user' | 'guard' | null, pauses: 0 }
    const arrive = () => {
      if (state.is === 'pausing') state.is = 'paused'
      watch.report(run, { type: 'paused' })
    }
    const goOn = () => {
      state.is = 'running'
      state.by = null
      watch.report(run, { type: 'continued' })
    }
    watch.started({
      run,
      config,
      live: () => {
        throw new Error('not asked for')
      },
      tell: (kind, values) => told.push([kind, values]),
      pauseByGuard: () => {
        if (state.is !== 'running') return
        Object.assign(state, { is: 'pausing', by: 'guard', pauses: state.pauses + 1 })
      },
      continueByGuard: () => {
        if (state.is === 'paused' && state.by === 'guard') goOn()
      },
    })
    watch.report(run, steps(1))
    return { told, state, arrive, goOn, kinds: () => told.map(([kind]) => kind) }
  }
  const look = async (times = 1) => {
    for (let n = 0; n < times; n += 1) await watch.look()
  }
  return { watch, machine, settings, notices, work, pass, start, look }
}

test('a training waits while the disk is nearly full and goes on by itself when there is space', async () => {
  const { machine, start, look } = watchOver()
  const { told, state, arrive } = start(1)
  machine.disk = 1.9e9
  await look()
  expect(state).toMatchObject({ is: 'pausing', by: 'guard' })
  arrive()
  machine.disk = 2.3e9
  await look()
  expect(state.is).toBe('paused')
  machine.disk = 2.4e9
  await look()
  expect(state.is).toBe('running')
  expect(told).toEqual([
    ['disk-low', { freeBytes: 1.9e9, neededBytes: 2e9 }],
    ['disk-recovered', { freeBytes: 2.4e9 }],
  ])
})

test('the next state needs its space too', async () => {
  const { watch, machine, settings, start, look } = watchOver()
  settings.minFreeBytes = 0
  const { told } = start(1)
  const saved = (kind: 'state' | 'best', bytes: number) => {
    const entry = {
      file: 'a.safetensors',
      seed: 1,
      step: 1,
      epoch: 1,
      sha256: '',
      savedAt: 1,
      averaged: false,
      top1: null,
    }
    watch.report(1, { type: 'checkpoint', checkpoint: { ...entry, kind, bytes } })
  }
  saved('state', 6e9)
  saved('best', 2e9)
  machine.disk = 8e9
  await look()
  expect(told).toEqual([])
  machine.disk = 7.9e9
  await look()
  expect(told).toEqual([['disk-low', { freeBytes: 7.9e9, neededBytes: 8e9 }]])
})

test('a hot device lets trainings wait until it is cooler by 5 degrees; a CPU may be hotter by 10', async () => {
  const { watch, machine, start, look } = watchOver()
  const { told, state, arrive } = start(1)
  machine.gpu = 99
  machine.cpu = 100
  await look(3)
  expect(told).toEqual([])
  watch.report(1, {
    type: 'environment',
    environment: {
      device: 'GPU',
      cpu: '',
      cores: 1,
      precision: '',
      tensorflow: '',
      node: '',
      reprise: '',
      platform: '',
    },
  })
  await look(2)
  expect(state.is).toBe('pausing')
  arrive()
  machine.gpu = 86
  await look(5)
  expect(state.is).toBe('paused')
  machine.gpu = 85
  await look(2)
  expect(state.is).toBe('running')
  machine.cpu = 101
  await look(2)
  expect(told).toEqual([
    ['too-hot', { celsius: 99, limit: 90 }],
    ['cooled-down', { celsius: 85 }],
    ['too-hot', { celsius: 101, limit: 100 }],
  ])
})

test('a guard that is switched off, or whose sensor is gone, lets trainings go on', async () => {
  const { machine, settings, start, look } = watchOver()
  const { state, arrive, kinds } = start(1)
  machine.cpu = 120
  await look(2)
  arrive()
  machine.cpu = null
  await look(3)
  expect(state.is).toBe('running')
  machine.cpu = 120
  await look(2)
  arrive()
  settings.maxCelsius = 0
  await look(3)
  expect(state.is).toBe('running')
  expect(kinds()).toEqual(['too-hot', 'too-hot', 'cooled-down'])
})

test('a run goes on only when no guard holds it', async () => {
  const { machine, start, look } = watchOver()
  const { state, arrive } = start(1)
  machine.disk = 1e9
  machine.cpu = 120
  await look(2)
  arrive()
  expect(state.pauses).toBe(1)
  machine.disk = 50e9
  await look(3)
  expect(state.is).toBe('paused')
  machine.cpu = 60
  await look(2)
  expect(state.is).toBe('running')
})

test('a run that is still on its way into the pause when the trouble ends goes on all the same', async () => {
  const { machine, start, look } = watchOver()
  const { state, arrive } = start(1)
  machine.disk = 1e9
  await look()
  machine.disk = 50e9
  await look()
  expect(state.is).toBe('pausing')
  arrive()
  await look()
  expect(state.is).toBe('running')
})

test('what the user paused stays paused, and what the user lets go on is not paused again', async () => {
  const { watch, machine, start, look } = watchOver()
  const byUser = start(1)
  const goesOn = start(2)
  machine.disk = 1e9
  await look()
  byUser.arrive()
  goesOn.arrive()
  byUser.state.by = 'user'
  goesOn.goOn()
  watch.report(2, steps(2))
  await look(3)
  expect(goesOn.state).toMatchObject({ is: 'running', pauses: 1 })
  machine.disk = 50e9
  await look(2)
  expect(byUser.state.is).toBe('paused')
  machine.disk = 1e9
  await look()
  expect(goesOn.state.pauses).toBe(2)
})

test('a training that begins while a guard has tripped waits after its first steps', async () => {
  const { watch, machine, start, look } = watchOver()
  start(1)
  machine.disk = 1e9
  await look()
  const { state, kinds } = start(2)
  expect(state.is).toBe('pausing')
  watch.report(2, steps(2))
  expect(kinds()).toEqual(['disk-low'])
})

test('a training waits before the reports that cannot be stored fill the memory', async () => {
  const { machine, start, look } = watchOver()
  const { state, arrive, told } = start(1)
  machine.unwritten = 599
  await look()
  expect(state.is).toBe('running')
  machine.unwritten = 601
  await look()
  arrive()
  machine.unwritten = 0
  await look()
  expect(state).toMatchObject({ is: 'running', pauses: 1 })
  expect(told).toEqual([])
})

test('little memory is told once, until there was plenty again', async () => {
  const { machine, start, look } = watchOver()
  const { told } = start(1)
  machine.memory = 400e6
  await look(5)
  machine.memory = 900e6
  await look(5)
  machine.memory = 400e6
  await look(5)
  machine.memory = 1e9
  await look(5)
  machine.memory = 300e6
  await look(5)
  expect(told).toEqual([
    ['memory-low', { freeBytes: 400e6 }],
    ['memory-low', { freeBytes: 300e6 }],
  ])
})

test('a run that reports nothing is told as stuck, and as moving when it goes on', async () => {
  const { watch, pass, start, look } = watchOver()
  const { told } = start(1)
  pass(5)
  await look()
  pass(61)
  await look(2)
  pass(9)
  watch.report(1, steps(2))
  expect(told).toEqual([
    ['stuck', { seconds: 66, expectedSeconds: 60 }],
    ['moving', { seconds: 75 }],
  ])
})

test('sleep is told to windows and runs, and makes no run stuck', async () => {
  const { notices, pass, start, look } = watchOver()
  const { told } = start(1)
  await look()
  pass(7200, { wall: true, monotonic: false, uptime: true })
  await look()
  pass(50)
  await look()
  expect(notices).toEqual(['slept {"seconds":7200}'])
  expect(told).toEqual([['slept', { seconds: 7200 }]])
})

test('a clock that is set is told, and changes nothing for runs', async () => {
  const { notices, pass, start, look } = watchOver()
  const { told } = start(1)
  await look()
  pass(86_400, { wall: true, monotonic: false, uptime: false })
  await look()
  pass(-90_000, { wall: true, monotonic: false, uptime: false })
  await look()
  expect(notices).toEqual(['clock-jumped {"seconds":86400}', 'clock-jumped {"seconds":-90000}'])
  expect(told).toEqual([])
})

test('what begins after nothing has trained is judged anew', async () => {
  const { watch, machine, start, look } = watchOver()
  start(1)
  machine.disk = 1e9
  await look()
  watch.ended(1)
  machine.disk = 2.1e9
  const { state, told } = start(2)
  await look()
  expect(state.is).toBe('running')
  expect(told).toEqual([])
})

test('a reading that was under way when the last training ended holds none of the next ones', async () => {
  const { watch, machine, start, look } = watchOver()
  start(1)
  machine.cpu = 120
  await look()
  const looking = watch.look()
  watch.ended(1)
  const { state, told } = start(2)
  await looking
  machine.cpu = 60
  await look(2)
  expect(state.is).toBe('running')
  expect(told).toEqual([])
})

test('it tells whether anything computes', () => {
  const { watch, work, start } = watchOver()
  const first = start(1)
  start(2)
  watch.ended(2)
  expect(work).toEqual([true, true, true])
  first.arrive()
  first.goOn()
  watch.ended(1)
  expect(work.slice(3)).toEqual([false, true, false])
})

test('a run that has ended is left alone', async () => {
  const { watch, machine, start, look } = watchOver()
  const { told } = start(1)
  watch.ended(1)
  machine.disk = 1
  await look(3)
  watch.report(1, steps(3))
  expect(told).toEqual([])
})
