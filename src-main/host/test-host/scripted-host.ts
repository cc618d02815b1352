// The host process with scripted workers, to be spawned by tests.
import { join } from 'node:path'
import { appFolder } from '../../launch/resources.ts'
import { runHostProcess } from '../host-process.ts'
import { installedLibrary } from './installed-library.ts'

await runHostProcess(appFolder(), {
  entries: {
    train: join(import.meta.dirname, 'scripted-worker.ts'),
    prepareData: join(import.meta.dirname, 'scripted-data-worker.ts'),
  },
  library: installedLibrary,
  timing: { batchMs: 5, liveMs: 5, stopMs: 200, shutdownMs: 1000 },
})
