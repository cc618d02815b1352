import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importsOf, wrongImports } from './import-rules.ts'

const root = join(import.meta.dirname, '..')

it('every import of the tree keeps to the table', () => {
  const paths = globSync('{src-main,src-renderer,e2e,tools}/**/*.{ts,tsx}', { cwd: root })
  const files = paths.map((path) => ({
    path: path.replaceAll('\\', '/'),
    text: readFileSync(join(root, path), 'utf8'),
  }))
  expect(files.length).toBeGreaterThan(20)
  expect(wrongImports(files)).toEqual([])
})

const planted: [path: string, text: string][] = [
  ['src-main/shared/a.ts', "import { readFile } from 'node:fs'"],
  ['src-main/shared/a.ts', "import { x } from '../engine/formats/idx.ts'"],
  ['src-main/engine/formats/a.ts', "import { x } from '../data/dataset.ts'"],
  ['src-main/engine/data/a.ts', "import { x } from '../nn/layers.ts'"],
  ['src-main/engine/nn/a.ts', "import { x } from '../data/dataset.ts'"],
  ['src-main/engine/weights/a.ts', "import { x } from '../data/dataset.ts'"],
  ['src-main/engine/tensorflow/a.ts', "import { x } from '../../launch/data-folder.ts'"],
  ['src-main/engine/tensorflow/library/a.ts', "import koffi from 'koffi'"],
  ['src-main/engine/tensorflow/library/a.ts', "import { x } from '../capi.ts'"],
  ['src-main/engine/evaluate/verdict.ts', "import { x } from '../tensorflow/runtime.ts'"],
  ['src-main/launch/a.ts', "import { x } from '../host/main.ts'"],
  ['src-main/host/a.ts', "import { x } from '../engine/tensorflow/runtime.ts'"],
  ['src-main/host/a.ts', "import type { X } from '../engine/nn/layers.ts'"],
  ['src-main/host/a.ts', "const x = await import('../engine/train/sgd.ts')"],
  ['src-main/host/a.ts', "import { x } from '../engine/evaluate/metrics.ts'"],
  ['src-main/host/a.ts', "import { x } from '../cli/main.ts'"],
  ['src-main/desktop/a.ts', "import type { X } from '../host/api/router.ts'"],
  ['src-main/cli/a.ts', "import { appRouter } from '../host/api/router.ts'"],
  ['src-main/cli/a.ts', "import { type AppRouter, appRouter } from '../host/api/router.ts'"],
  ['src-main/cli/a.ts', "export * from '../desktop/words.ts'"],
  ['src-renderer/client/a.ts', "import { appRouter } from '../../src-main/host/api/router.ts'"],
  ['src-renderer/a.tsx', "import '../src-main/engine/formats/tar.ts'"],
  ['src-renderer/a.tsx', "import { app } from 'electron'"],
  ['src-main/host/a.test.ts', "import { x } from '../engine/tensorflow/runtime.ts'"],
  ['src-main/elsewhere/a.ts', ''],
]

it.each(planted)('finds what %s may not do: %s', (path, text) => {
  expect(wrongImports([{ path, text }])).toHaveLength(1)
})

const permitted: [path: string, text: string][] = [
  ['src-main/shared/a.ts', "import { z } from 'zod'\nimport { x } from './errors.ts'"],
  ['src-main/shared/a.test.ts', "import { it } from 'vitest'"],
  ['src-main/host/a.ts', "import { computeVerdict } from '../engine/evaluate/verdict.ts'"],
  ['src-main/host/a.ts', "import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'"],
  ['src-main/cli/a.ts', "import type { AppRouter } from '../host/api/router.ts'"],
  ['src-main/cli/a.ts', "import { spawnHost } from '../launch/spawn-host.ts'"],
  ['src-main/desktop/a.ts', "import { dataFolder } from '../launch/data-folder.ts'"],
  ['src-renderer/client/a.ts', "import { type AppRouter } from '../../src-main/host/api/router.ts'"],
  ['src-main/worker/a.ts', "import { x } from '../engine/tensorflow/runtime.ts'"],
]

it.each(permitted)('lets %s do: %s', (path, text) => {
  expect(wrongImports([{ path, text }])).toEqual([])
})

it('reads imports over several lines and none out of comments', () => {
  const text = "// import a from './a.ts'\n/* import b from './b.ts' */\nimport {\n  type C,\n  d,\n} from './c.ts'\n"
  expect(importsOf(text)).toEqual([{ specifier: './c.ts', typeOnly: false, line: 3 }])
})
