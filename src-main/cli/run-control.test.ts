// Pausing, resuming, proving, probing, the queue, sweeps and the bin, on a host with scripted workers.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandsOnScriptedHost, type Finished } from './commands-for-tests.ts'

const { reprise, home } = commandsOnScriptedHost()

/** Trains a run of this name to its end and returns its id. */
async function train(...args: string[]): Promise<string> {
  const { json, status, stderr } = await reprise(['run', 'mnist-lenet5', '--json', '--name', 'finish', ...args])
  expect([status, stderr]).toEqual([0, ''])
  return String(json[0]?.runId)
}

test('a run that is paused says where it stands, goes on, and the command that follows it sees its end', async () => {
  let runId = ''
  const pauses: Promise<Finished>[] = []
  const followed = reprise(['run', 'mnist-lenet5', '--json', '--name', 'wait', '--seeds', '1'], (line) => {
    const event = JSON.parse(line) as { type: string; runId?: string }
    if (event.type === 'run') runId = event.runId ?? ''
    if (event.type === 'epoch' && pauses.length === 0) pauses.push(reprise(['runs', 'pause', runId, '--free-device']))
  })
  await expect.poll(() => pauses.length, { timeout: 30_000 }).toBe(1)
  const pause = await pauses[0]
  expect(pause?.stdout).toContain(`(${runId}) pauses after the step in progress. Its device is freed`)
  await expect
    .poll(async () => (await reprise(['runs', 'show', runId])).stdout, { timeout: 30_000 })
    .toMatch(
      new RegExp(
        `wait \\(${runId}\\) stopped at epoch 1, step 10: it was paused\\. Nothing is lost since \\d\\d:\\d\\d.*\\.\\nResume: reprise runs resume ${runId}`,
      ),
    )
  const resumed = await reprise(['runs', 'resume', runId, '--lr-scale', '0.5', '--json'])
  expect(resumed.status).toBe(0)
  expect(resumed.json[0]).toMatchObject({ id: runId })
  const { status, json } = await followed
  expect(status).toBe(0)
  expect(json.at(-1)).toMatchObject({ type: 'result', runId, status: 'finished' })
  const shown = await reprise(['runs', 'show', runId])
  expect(shown.stdout).not.toContain('Resume: ')
  expect(shown.stdout).toMatch(
    /Changed while it trained:\n.+ {2}Learning rates times 0\.5 from step 10 of seed 1 on, by you\./,
  )
})

test('a run that Ctrl-C has stopped says how to resume it', async () => {
  const { status, stderr, json } = await reprise(
    ['run', 'mnist-lenet5', '--json', '--name', 'wait', '--seeds', '1'],
    (line, child) => line.includes('"type":"epoch"') && child.kill('SIGINT'),
  )
  expect(status).toBe(1)
  expect(stderr).toContain(`"reprise runs resume ${json[0]?.runId}" goes on`)
})

test('a sweep waits in a held queue, is put in order, and is trained when the queue goes on', async () => {
  expect((await reprise(['queue', 'hold', '--json'])).json[0]).toMatchObject({ held: true, reason: 'user', runs: [] })
  const sweep = ['sweep', 'mnist-lenet5', '--grid', 'optimizer.lr=0.05,0.1', '--grid', 'train.batchSize=64,128']
  const planned = await reprise([...sweep, '--dry-run', '--json'])
  expect(planned.json[0]).toHaveLength(4)
  expect(planned.json[0]).toContainEqual({ 'optimizer.lr': 0.05, 'train.batchSize': 128 })
  const started = await reprise([...sweep, '--name', 'finish', '--seeds', '1', '--json'])
  const runs = started.json[0] as unknown as { id: string; sweep: string }[]
  expect(runs).toHaveLength(4)
  const [first = '', , third = '', last = ''] = runs.map(({ id }) => id)

  const places = async (command: string[]) => {
    const { json } = await reprise(['queue', ...command, '--json'])
    return (json[0] as unknown as { runs: { id: string }[] }).runs.map(({ id }) => id)
  }
  expect((await places(['move', third, '1'])).slice(0, 2)).toEqual([third, first])
  expect((await places(['priority', last, 'high'])).slice(0, 2)).toEqual([last, third])
  expect((await reprise(['queue'])).stdout).toMatch(
    new RegExp(`^The queue is held by you.+\\nPLACE .+\\n1 +${last} .+ high `),
  )
  expect((await reprise(['queue', 'go-on'])).stdout).toContain('The queue goes on by itself.')
  await expect.poll(() => places(['list']), { timeout: 60_000 }).toEqual([])
})

test('a run in a held queue says so, and starts when the queue goes on', async () => {
  await reprise(['queue', 'hold'])
  const goOn: Promise<Finished>[] = []
  const { status, json } = await reprise(
    ['run', 'mnist-lenet5', '--json', '--name', 'finish', '--seeds', '1'],
    (line) => {
      if (line.includes('"type":"queue"')) goOn.push(reprise(['queue', 'go-on']))
    },
  )
  expect(json[1]).toEqual({ type: 'queue', held: true, reason: 'user' })
  expect(goOn).toHaveLength(1)
  expect([status, json.at(-1)?.status]).toEqual([0, 'finished'])
})

test('a random sweep draws between its bounds, whole numbers where the setting is whole', async () => {
  const { json } = await reprise([
    ...['sweep', 'mnist-lenet5', '--random', 'optimizer.lr=0.01..1:log', '--random', 'train.batchSize=16..64'],
    ...['--count', '5', '--draw-seed', '3', '--dry-run', '--json'],
  ])
  const draws = json[0] as unknown as Record<string, number>[]
  expect(draws).toHaveLength(5)
  for (const draw of draws) {
    expect(draw['optimizer.lr']).toBeGreaterThanOrEqual(0.01)
    expect(draw['optimizer.lr']).toBeLessThanOrEqual(1)
    expect([draw['train.batchSize']].every(Number.isInteger)).toBe(true)
  }
  expect(new Set(draws.map((draw) => draw['optimizer.lr'])).size).toBe(5)
})

test('a run goes to the bin with its size, comes back, and is deleted for good', async () => {
  const id = await train('--seeds', '1')
  expect((await reprise(['runs', 'remove', id])).stdout).toContain(`"reprise runs restore ${id}" takes it back`)
  const bin = await reprise(['runs', 'bin', '--json'])
  expect(bin.json[0]).toContainEqual(expect.objectContaining({ runId: id, name: 'finish' }))
  expect((await reprise(['runs', 'bin'])).stdout).toMatch(new RegExp(`^${id} +finish +mnist-lenet5 +[\\d.]+ k?B `, 'm'))
  expect((await reprise(['runs', 'restore', id])).stdout).toContain(`(${id}) is back: finished.`)
  await reprise(['runs', 'remove', id])
  const emptied = await reprise(['runs', 'empty-bin', id, '--json'])
  expect(Number((emptied.json[0] as { freedBytes: number }).freedBytes)).toBeGreaterThan(0)
  expect((await reprise(['runs', 'show', id])).status).toBe(2)
})

test('a proof of a run prints its certificate alone and is kept with the run', async () => {
  const id = await train('--seeds', '1')
  const proved = await reprise(['runs', 'prove-resume', id, '--json'])
  expect([proved.status, proved.stderr]).toEqual([0, ''])
  expect(proved.json).toHaveLength(1)
  expect(proved.json[0]).toMatchObject({ subject: id, equal: true, pausedAt: [10, 15], maxDifference: 0 })
  expect((await reprise(['runs', 'show', id])).stdout).toContain(
    'Resume proved over 2 epochs, broken off after steps 10 and 15: equal, bit by bit.',
  )
  const failing = await train('--seeds', '1', '--set', 'optimizer.lr=0.25')
  const failed = await reprise(['runs', 'prove-resume', failing])
  expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining('The memory ran out.')])
})

test('a proof that is interrupted is cancelled', async () => {
  const id = await train('--seeds', '1', '--set', 'optimizer.lr=0.5')
  let interrupt = () => {}
  const proof = reprise(['runs', 'prove-resume', id, '--json'], undefined, (child) => {
    interrupt = () => void child.kill('SIGINT')
  })
  await expect.poll(() => existsSync(join(home, 'proofs', 'waits')), { timeout: 30_000 }).toBe(true)
  const another = await reprise(['runs', 'prove-resume', id])
  expect([another.status, another.stderr]).toEqual([1, expect.stringContaining('Only one proof runs at a time.')])
  interrupt()
  expect(await proof).toMatchObject({ status: 1, stderr: expect.stringContaining('The proof was cancelled.') })
})

test('a probe tells time, memory and disk', async () => {
  const { status, json } = await reprise(['probe', 'mnist-lenet5', '--json'])
  expect(status).toBe(0)
  expect(json).toHaveLength(1)
  expect(json[0]).toMatchObject({ memory: expect.any(Object), diskBytes: expect.any(Number) })
  expect((await reprise(['probe', 'mnist-lenet5'])).stdout).toMatch(/^Memory: .+ predicted, .+ measured\.$/m)
})

test.each<[string, string[], string]>([
  ['a sweep over nothing', ['sweep', 'mnist-lenet5'], 'A sweep needs a setting to go over.'],
  [
    'a sweep over an unknown setting',
    ['sweep', 'mnist-lenet5', '--grid', 'optimizer.speed=1,2'],
    'There is no setting',
  ],
  ['a range without an end', ['sweep', 'mnist-lenet5', '--random', 'optimizer.lr=0.1'], 'Expected: key=min..max'],
  ['a range of words', ['sweep', 'mnist-lenet5', '--random', 'model.name=a..b'], 'for a setting that is a number'],
  ['a proof of a run with other settings', ['runs', 'prove-resume', 'r-0001', '--limit', '5'], 'with its own settings'],
  ['a proof of nothing', ['runs', 'prove-resume', 'mnist-lenet6'], 'There is no recipe "mnist-lenet6"'],
  ['a factor that is none', ['runs', 'resume', 'r-0001', '--lr-scale', '0'], 'It must be a number above 0.'],
  ['a priority that is none', ['queue', 'priority', 'r-0001', 'urgent'], 'Allowed choices are high, normal, low'],
  ['a place that is none', ['queue', 'move', 'r-0001', '0'], 'It must be a whole number, 1 or more.'],
])('wrong usage, %s, ends with 2 and says what was expected', async (_what, args, said) => {
  const { status, stdout, stderr } = await reprise(args)
  expect(stderr).toContain(said)
  expect([status, stdout]).toEqual([2, ''])
})
