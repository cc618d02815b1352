// Scripted workers in the place of the product's own; those that need no script of their own are the real ones.
import { join } from 'node:path'
import type { WorkerEntries } from '../host-context.ts'

const workers = join(import.meta.dirname, '..', '..', 'worker')

export const scriptedEntries: WorkerEntries = {
  train: join(import.meta.dirname, 'scripted-worker.ts'),
  prepareData: join(import.meta.dirname, 'scripted-data-worker.ts'),
  examineData: join(import.meta.dirname, 'scripted-examiner.ts'),
  changeData: join(import.meta.dirname, 'scripted-changer.ts'),
  pictures: join(workers, 'pictures.ts'),
  sourceLooks: join(workers, 'source-looks.ts'),
  preview: join(workers, 'preview.ts'),
  proveResume: join(import.meta.dirname, 'scripted-prover.ts'),
  probe: join(import.meta.dirname, 'scripted-prober.ts'),
}
