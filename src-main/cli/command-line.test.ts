import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { resourcesFolder } from '../launch/resources.ts'
import { parseRecipe } from '../shared/recipe.ts'
import { commandsOnScriptedHost, type Finished } from './commands-for-tests.ts'

const { reprise, home, host } = commandsOnScriptedHost()
const recipeFile = join(resourcesFolder(), 'recipes', 'mnist-lenet5.json')
const recipe = parseRecipe(readFileSync(recipeFile, 'utf8'), recipeFile)

test('recipes lists every recipe, show prints its settings', async () => {
  const list = await reprise(['recipes', '--json'])
  expect(list.status).toBe(0)
  const ids = (list.json[0] as unknown as { recipe: { id: string } }[]).map(({ recipe }) => recipe.id)
  expect(ids).toContain('mnist-lenet5')

  const one = await reprise(['recipes', 'show', 'mnist-lenet5'])
  expect(one.status).toBe(0)
  expect(one.stdout).toContain('Figure: top-1 99.05 %')
  expect(one.stdout).toMatch(new RegExp(`^optimizer\\.lr +${recipe.config.optimizer.lr} `, 'm'))

  const data = await reprise(['recipes', 'show', 'mnist-lenet5', '--json'])
  expect(data.json[0]).toMatchObject({ recipe: { id: 'mnist-lenet5' }, parameters: 60_850 })
})

test('run --json prints one object per event and the result last', async () => {
  const { status, json, stderr } = await reprise([
    ...['run', 'mnist-lenet5', '--json', '--name', 'finish', '--seeds', '2', '--seed', '7'],
    ...['--set', 'train.length=2'],
  ])
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(json[0]).toMatchObject({ type: 'run', name: 'finish', seeds: [7, 8] })
  const runId = json[0]?.runId
  const epochs = json.filter(({ type }) => type === 'epoch')
  expect(epochs.map(({ seed, epoch, final }) => [seed, epoch, final])).toEqual([
    [7, 1, false],
    [7, 2, false],
    [7, 2, true],
    [8, 1, false],
    [8, 2, false],
    [8, 2, true],
  ])
  const result = json.at(-1)
  expect(result).toMatchObject({ type: 'result', runId, recipe: 'mnist-lenet5', status: 'finished', epochs: 2 })
  // The scripted worker reports 98.2 % and the seed's number as thousandths of a percent point.
  expect(result?.top1).toBeCloseTo(0.982075, 9)
  expect(result?.seconds).toBeCloseTo(0.4, 9)
  expect(result?.trainSeconds).toEqual([0.2, 0.2])
  expect(result?.verdict).toBe('not-reproduced')
  expect(result?.changes).toEqual([
    { key: 'train.length', label: 'Length', recipe: recipe.config.train.length, run: 2 },
  ])

  const list = await reprise(['runs', 'list'])
  expect(list.stdout).toMatch(
    new RegExp(`^${runId} +finish +mnist-lenet5 +finished +2/2 +98\\.21 % +not-reproduced`, 'm'),
  )
  const shown = await reprise(['runs', 'show', String(runId)])
  expect(shown.stdout).toContain(`The run left the recipe in: train.length 2 (recipe ${recipe.config.train.length}).`)
})

test('run without --json reads as text', async () => {
  const { status, stdout } = await reprise(['run', 'mnist-lenet5', '--name', 'finish', '--seeds', '1'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^seed 1 {2}epoch +1 {2}test 98\.10 % /m)
  expect(stdout).toContain('Inconclusive: one seed has no spread')
})

test('Ctrl-C stops the run, keeps what it has, prints the result and ends with 1', async () => {
  const { status, json, stderr } = await reprise(
    ['run', 'mnist-lenet5', '--json', '--name', 'wait'],
    (line, child) => line.includes('"type":"epoch"') && child.kill('SIGINT'),
  )
  expect(status).toBe(1)
  expect(stderr).toContain('was stopped before its planned length')
  const result = json.find(({ type }) => type === 'result')
  expect(result).toMatchObject({ status: 'stopped', epochs: 1, verdict: 'no-verdict' })
  const shown = await reprise(['runs', 'show', String(result?.runId), '--json'])
  expect(shown.json[0]).toMatchObject({ status: 'stopped' })
})

test('runs stop ends a run that another command follows', async () => {
  let runId = ''
  const stops: Promise<Finished>[] = []
  const followed = await reprise(['run', 'mnist-lenet5', '--json', '--name', 'wait'], (line) => {
    const event = JSON.parse(line) as { type: string; runId?: string }
    if (event.type === 'run') runId = event.runId ?? ''
    if (event.type === 'epoch' && stops.length === 0) stops.push(reprise(['runs', 'stop', runId, '--json']))
  })
  expect(followed.status).toBe(1)
  const stop = await stops[0]
  expect(stop?.status).toBe(0)
  expect(stop?.json[0]).toMatchObject({ id: runId })
})

test('a run that fails ends with 1 and says why on both ways out', async () => {
  const { status, json, stderr } = await reprise(['run', 'mnist-lenet5', '--json', '--name', 'fail'])
  expect(status).toBe(1)
  expect(json.at(-1)).toMatchObject({ type: 'error', error: { code: 'not-finite', fix: 'Lower the rate.' } })
  expect(stderr).toContain('The loss became NaN at step 10.\nLower the rate.')
})

test.each<[string, string[], string]>([
  ['an unknown recipe', ['run', 'mnist-lenet6'], 'There is no recipe "mnist-lenet6".\nExpected: one of '],
  [
    'an unknown setting',
    ['run', 'mnist-lenet5', '--set', 'optimizer.speed=3'],
    'There is no setting "optimizer.speed".',
  ],
  [
    'a value out of range',
    ['run', 'mnist-lenet5', '--set', 'train.batchSize=0'],
    'Expected: a whole number from 1 to 65536',
  ],
  ['a value of the wrong kind', ['run', 'mnist-lenet5', '--set', 'optimizer.lr=fast'], 'Expected: a number'],
  ['a setting without a value', ['run', 'mnist-lenet5', '--set', 'optimizer.lr'], 'Expected: key=value'],
  ['an unknown data set', ['run', 'mnist-lenet5', '--set', 'data.dataset=imagenet'], 'There is no data set "imagenet"'],
  ['a seed that is no number', ['run', 'mnist-lenet5', '--seed', 'one'], 'It must be a whole number, 1 or more.'],
  ['an unknown option', ['run', 'mnist-lenet5', '--fast'], "unknown option '--fast'"],
  ['an unknown command', ['train'], "unknown command 'train'"],
  ['a missing argument', ['run'], "missing required argument 'recipe'"],
  ['no command', [], 'Usage: reprise'],
  ['an unknown model', ['models', 'check', 'resnet51'], 'There is no model "resnet51"'],
  ['no pictures', ['predict', '--arch', 'resnet50', '--weights', 'a.pth'], "required option '--images <path...>'"],
  [
    'an architecture of small pictures',
    ['predict', '--arch', 'resnet20-cifar', '--weights', 'a.pth', '--images', 'a.jpg'],
    'ResNet-20 takes pictures of 32 x 32 x 3',
  ],
  [
    'another size of a network without positions',
    ['predict', '--arch', 'resnet50', '--weights', 'a.pth', '--images', 'a.jpg', '--size', '288'],
    'has no position embeddings',
  ],
  [
    'an unknown resampling of positions',
    ['predict', '--arch', 'vit-tiny-patch16', '--weights', 'a', '--images', 'a', '--position-resize', 'keras'],
    'Allowed choices are timm, torchvision, big-vision',
  ],
  ['an unknown run', ['runs', 'show', 'r-9999'], 'There is no run "r-9999"'],
  ['a data set that cannot be fetched', ['datasets', 'fetch', 'imagenet'], 'imagenet'],
])('wrong usage, %s, ends with 2 and says what was expected', async (_what, args, said) => {
  const { status, stdout, stderr } = await reprise(args)
  expect(stderr).toContain(said)
  expect(stdout).toBe('')
  expect(status).toBe(2)
})

test('models lists counts, inputs and papers, and checks them by building', async () => {
  const list = await reprise(['models', 'list', '--json'])
  const rows = list.json[0] as unknown as { name: string }[]
  expect(rows.find(({ name }) => name === 'resnet20-cifar')).toMatchObject({ params: 269_722, paper: 'He et al. 2015' })

  const check = await reprise(['models', 'check', 'resnet20-cifar', 'mobilenet-v2', '--json'])
  expect(check.json[0]).toMatchObject({
    equal: true,
    models: [
      { name: 'resnet20-cifar', params: 269_722 },
      { name: 'mobilenet-v2', params: 3_504_872, publishedParams: 3_504_872 },
    ],
  })
  expect(check.status).toBe(0)
})

test('help and version end with 0', async () => {
  expect((await reprise(['--help'])).status).toBe(0)
  expect((await reprise(['run', '--help'])).stdout).toContain('--set <key=value>')
  expect((await reprise(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('datasets fetches a known one and reads what the user has', async () => {
  const fetched = await reprise(['datasets', 'fetch', 'mnist', '--json'])
  expect(fetched.status).toBe(0)
  expect(fetched.json.at(-1)).toMatchObject({ type: 'result', dataset: { id: 'mnist', status: 'ready' } })

  const folder = join(home, 'flowers')
  const added = await reprise(['datasets', 'add', folder, '--id', 'flowers'])
  expect(added.stderr).toContain('flowers')
  expect(added.status).toBe(1)
  const list = await reprise(['datasets', 'list'])
  expect(list.stdout).toMatch(/^mnist +\S+ +ready +60,000 +10,000/m)
})

test('doctor has a sentence for each thing, and uses the host that runs', async () => {
  const { json } = await reprise(['doctor', '--json'])
  const { findings } = json[0] as { findings: { id: string; state: string; text: string }[] }
  expect(findings.map(({ id }) => id)).toEqual(['node', 'libtensorflow', 'devices', 'data-folder', 'disk', 'engine'])
  expect(findings.at(-1)?.text).toContain(`is running on port ${host().address.port}`)
})

test('a data set is added and checked, shown, changed and removed', { timeout: 180_000 }, async () => {
  const path = mkdtempSync(join(tmpdir(), 'reprise-cli-pictures-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const added = await reprise(['datasets', 'add', path, '--id', 'mine', '--json'])
  expect(added.status).toBe(0)
  const result = added.json.find(({ type }) => type === 'result')
  expect(result).toMatchObject({ dataset: { id: 'mine', status: 'ready' } })
  expect(added.json.at(-1)).toMatchObject({ type: 'health', health: { findings: [{ kind: 'unreadable', count: 1 }] } })

  const checked = await reprise(['datasets', 'check', 'mine'])
  expect(checked.status).toBe(1)
  expect(checked.stdout).toMatch(/PROBLEM +1 +unreadable +pictures that cannot be read/)
  expect(checked.stderr).toContain('datasets exclude mine')

  const excluded = await reprise(['datasets', 'exclude', 'mine', '--finding', 'unreadable'])
  expect(excluded.stdout).toMatch(/^1 pictures left out; 1 are left out in all\.\nFingerprint: /)
  const shown = await reprise(['datasets', 'show', 'mine'])
  expect(shown.stdout).toContain('Left out: 1 pictures.')
  expect(shown.stdout).toContain('Split: as the source sets it.')
  expect(shown.stdout).toMatch(/^a +1 +0 +1 +1$/m)
  const undone = await reprise(['datasets', 'exclude', 'mine', '--finding', 'unreadable', '--undo', '--json'])
  expect(undone.json[0]).toMatchObject({ id: 'mine', excluded: 0 })

  const file = join(path, 'parts.csv')
  const split = await reprise(['datasets', 'split', 'mine', '--kind', 'k-fold', '--fold', '2', '--export', file])
  expect(split.stdout).toContain('fold 2 of 5 for the test (seed 1).')
  expect(readFileSync(file, 'utf8')).toContain('train 0,a,train,0')
  const foreign = await reprise(['datasets', 'split', 'mine', '--kind', 'group', '--stratified'])
  expect([foreign.status, foreign.stderr]).toEqual([2, expect.stringContaining('no --stratified')])

  const removed = await reprise(['datasets', 'remove', 'mine', '--json'])
  expect(removed.json[0]).toEqual({ removed: 'mine' })
  expect((await reprise(['datasets', 'show', 'mine'])).status).toBe(2)
})

test('a look says what a folder is, or why it is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-cli-nothing-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const nothing = await reprise(['datasets', 'look', folder])
  expect(nothing.status).toBe(1)
  expect(nothing.stderr).toContain('class folders')
  const idx = await reprise(['datasets', 'look', join(resourcesFolder(), 'samples', 'fashion-mnist'), '--json'])
  expect(idx.json[0]).toMatchObject({ reader: 'idx', storage: 'pixels' })
})
