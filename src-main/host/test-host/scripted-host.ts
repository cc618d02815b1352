// The host process with scripted workers, to be spawned by tests.
import { appFolder } from '../../launch/resources.ts'
import { runHostProcess } from '../host-process.ts'
import { installedLibrary } from './installed-library.ts'
import { scriptedEntries } from './scripted-entries.ts'

await runHostProcess(appFolder(), {
  entries: scriptedEntries,
  library: installedLibrary,
  timing: { batchMs: 5, liveMs: 5, stopMs: 200, shutdownMs: 1000 },
})
