// Files of weights that want code to be run: refused by name, in the reader and in the process of `reprise predict`.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'
import { weightFile } from '../../tools/oracle/read-weights.ts'
import { readWeightFile } from '../engine/weights/read-weight-file.ts'
import { forkWorker } from '../launch/worker-process.ts'
import { type ErrorReport, RepriseError } from '../shared/errors.ts'
import type { PredictAnswer, PredictTask } from '../shared/worker-protocol.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'reprise-hostile-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

/** BINUNICODE of a text of fewer than 256 bytes. */
const unicode = (text: string) => `X${String.fromCharCode(text.length)}\0\0\0${text}`

/** Pickles (protocol 2) that a restricted reader must not follow, each with the name that it has to say; see pickletools.py. */
function hostilePickles(canary: string): [what: string, pickle: string, named: RegExp][] {
  const shell = unicode(`touch ${canary}`)
  const python = unicode(`open("${canary}", "w")`)
  const call = (name: string, argument: string) => `\x80\x02c${name.replace('.', '\n')}\n${argument}\x85R.`
  return [
    ['os.system by REDUCE', call('posix.system', shell), /posix\.system/],
    ['os.system of Windows', call('nt.system', shell), /nt\.system/],
    ['builtins.eval', call('builtins.eval', python), /builtins\.eval/],
    ['builtins.exec', call('builtins.exec', python), /builtins\.exec/],
    ['__builtin__.eval of Python 2', call('__builtin__.eval', python), /__builtin__\.eval/],
    ['subprocess.Popen', call('subprocess.Popen', shell), /subprocess\.Popen/],
    ['importlib', call('importlib.import_module', unicode('os')), /importlib\.import_module/],
    ['an attribute of a module that is allowed', call('collections.OrderedDict.__init__', shell), /./],
    ['torch itself', call('torch.load', shell), /torch\.load/],
    ['os.system by INST', `\x80\x02(${shell}iposix\nsystem\n.`, /./],
    ['os.system by OBJ', `\x80\x02(cposix\nsystem\n${shell}o.`, /./],
    ['os.system by NEWOBJ', `\x80\x02cposix\nsystem\n${shell}\x85\x81.`, /posix\.system/],
    ['os.system by STACK_GLOBAL', `\x80\x04${unicode('posix')}${unicode('system')}\x93${shell}\x85R.`, /posix\.system/],
    ['a state that calls __setstate__', `\x80\x02cposix\nsystem\n)R${shell}b.`, /posix\.system/],
    ['an extension by number', '\x80\x02\x82\x01.', /./],
    ['a persistent id that is code', `\x80\x02${python}Q.`, /./],
    ['a call within a state dict', `\x80\x02}${unicode('fc.weight')}cposix\nsystem\n${shell}\x85Rs.`, /posix\.system/],
  ]
}

/** A PyTorch file of either container whose state dict is another pickle. */
function torchFile(container: 'zip' | 'legacy', pickle: string): Uint8Array {
  if (container === 'zip') {
    const entries = unzipSync(weightFile('network-zip.pth'))
    const name = Object.keys(entries).find((entry) => entry.endsWith('data.pkl'))
    if (name === undefined) throw new Error('the fixture has no data.pkl')
    return zipSync({ ...entries, [name]: latin1(pickle) }, { level: 0 })
  }
  const legacy = weightFile('network-legacy.pth')
  const root = Buffer.from(legacy).indexOf('\x80\x02ccollections', 0, 'latin1')
  return new Uint8Array(Buffer.concat([legacy.subarray(0, root), latin1(pickle), latin1('\x80\x02].')]))
}

const canaryIn = (place: string) => join(place, 'canary')

test.each(['zip', 'legacy'] as const)('no pickle in a .pth runs anything (%s)', async (container) => {
  const place = folder()
  for (const [what, pickle, named] of hostilePickles(canaryIn(place))) {
    const path = join(place, 'weights.pth')
    writeFileSync(path, torchFile(container, pickle))
    const error = await readWeightFile(path).catch((thrown: unknown) => thrown)
    expect(error, what).toBeInstanceOf(RepriseError)
    expect(['data-format', 'data-truncated'], what).toContain((error as RepriseError).code)
    expect(`${(error as RepriseError).message} ${(error as RepriseError).found}`, what).toMatch(named)
  }
  expect(existsSync(canaryIn(place))).toBe(false)
})

const code = 'BEGINOFMARSHALLEDPYTHON'

/** The model of Keras with a Lambda layer, or another one that would import and run something. */
function kerasArchive(layer: object): Uint8Array {
  const entries = unzipSync(weightFile('network.keras'))
  const config = JSON.parse(strFromU8(entries['config.json'] ?? new Uint8Array()))
  config.config.layers[1] = layer
  return zipSync({ ...entries, 'config.json': strToU8(JSON.stringify(config)) }, { level: 0 })
}

test('no layer of Keras brings code of its own', async () => {
  const place = folder()
  const lambda = { function: { class_name: '__lambda__', config: { code } } }
  const layers: [name: string, layer: object][] = [
    ['Lambda', { module: 'keras.layers', class_name: 'Lambda', config: { name: 'x', ...lambda } }],
    ['system', { module: 'os', class_name: 'system', config: { name: 'x', command: 'true' } }],
    ['Popen', { module: 'subprocess', class_name: 'Popen', registered_name: 'Popen', config: { name: 'x' } }],
    ['TFSMLayer', { module: 'keras.layers', class_name: 'TFSMLayer', config: { name: 'x', filepath: '/etc' } }],
    ['__proto__', { module: 'keras.layers', class_name: '__proto__', config: { name: 'x' } }],
    ['constructor', { module: 'keras.layers', class_name: 'constructor', config: { name: 'x' } }],
  ]
  for (const [name, layer] of layers) {
    const path = join(place, 'model.keras')
    writeFileSync(path, kerasArchive(layer))
    await expect(readWeightFile(path)).rejects.toMatchObject({ code: 'data-format', found: name })
  }
  // The same within an .h5: its config is one text, in which a class of the same length takes the place of another.
  const h5 = Buffer.from(weightFile('network.h5')).toString('latin1')
  expect(h5).toContain('"class_name": "Conv2D"')
  const path = join(place, 'model.h5')
  writeFileSync(path, Buffer.from(h5.replace('"class_name": "Conv2D"', '"class_name": "Lambda"'), 'latin1'))
  await expect(readWeightFile(path)).rejects.toMatchObject({ code: 'data-format', found: 'Lambda' })
})

test('a model of TensorFlow.js names no file outside its folder', async () => {
  const place = folder()
  for (const shard of [
    '../secret.bin',
    '/etc/passwd',
    'a/../../secret.bin',
    '..',
    'http://evil.example/x.bin',
    'file:///etc/passwd',
  ]) {
    const model = {
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { layers: [] } },
      weightsManifest: [{ paths: [shard], weights: [{ name: 'x', shape: [1], dtype: 'float32' }] }],
    }
    writeFileSync(join(place, 'model.json'), JSON.stringify(model))
    await expect(readWeightFile(join(place, 'model.json'))).rejects.toMatchObject({
      code: expect.stringMatching(/^data-(format|missing)$/),
    })
  }
})

test('names of a prototype in a safetensors file are names', async () => {
  const place = folder()
  const header =
    '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"toString":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}'
  const bytes = Buffer.concat([
    Buffer.from(BigUint64Array.of(BigInt(header.length)).buffer),
    Buffer.from(header),
    Buffer.alloc(8),
  ])
  writeFileSync(join(place, 'x.safetensors'), bytes)
  const read = await readWeightFile(join(place, 'x.safetensors')).catch((error: unknown) => error)
  if (!(read instanceof RepriseError)) expect(read).toMatchObject({ framework: 'pytorch' })
  expect(String({})).toBe('[object Object]')
})

test('the process of predict ends with the reason, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const place = folder()
  const [, pickle] = hostilePickles(canaryIn(place))[0] ?? ['', '']
  const weights = join(place, 'weights.pth')
  writeFileSync(weights, torchFile('legacy', pickle))
  const images = [join(place, 'none.jpg')]
  const messages: (PredictAnswer | { type: 'failed'; error: ErrorReport })[] = []
  const worker = forkWorker<PredictTask, (typeof messages)[number]>({
    entry: join(import.meta.dirname, 'predict.ts'),
    env: process.env,
    onMessage: (message) => void messages.push(message),
    onLine: () => {},
  })
  worker.send({ type: 'predict', arch: 'resnet18', weights, images, top: 1 })
  expect((await worker.ended).code).toBe(1)
  expect(messages).toMatchObject([{ type: 'failed', error: { found: 'a call of posix.system, which was not run' } }])
  expect(existsSync(canaryIn(place))).toBe(false)
  expect(readFileSync(weights).length).toBeGreaterThan(0)
})
