// A process that prepares a picture in threads, closes them and then runs dry without calling exit.
import { runConfigSchema } from '../../shared/run-config.ts'
import { findLibtensorflow } from '../tensorflow/library/find-libtensorflow.ts'
import { createFeedPool } from './pool.ts'

const pool = createFeedPool({
  root: process.argv[2] ?? '',
  pixels: null,
  decoded: null,
  config: runConfigSchema.parse({ augment: { crop: 'random-resized' } }),
  normalization: { scale: new Float32Array(3), offset: new Float32Array(3), offsetShape: [3] },
  libtensorflowDir: (await findLibtensorflow()).folder,
  threads: 2,
})
const source = { kind: 'file', path: 'window-420.jpg' } as const
const key = { seed: 1, epoch: 0, index: 0, view: 0, split: 0 }
const broken = await pool.training([{ source, key }], [8, 8], new SharedArrayBuffer(8 * 8 * 3))
if (broken.length > 0) throw new Error(broken[0]?.reason)
await pool.close()
process.disconnect?.()
