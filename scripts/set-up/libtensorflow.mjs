// libtensorflow: found or installed by the engine's own program, whose progress is shown here.
import { join } from 'node:path'
import { appFolder } from './app-folder.mjs'
import { findNode24 } from './node24.mjs'
import { runQuietly } from './run-program.mjs'
import { SetUpError } from './steps.mjs'

const program = join(appFolder, 'src-main', 'engine', 'tensorflow', 'library', 'install-main.ts')
const verbs = { download: 'fetching', unpack: 'unpacking' }

function megabytes(bytes) {
  return Math.round(bytes / 1e6)
}

function describe({ phase, doneBytes, totalBytes }) {
  return `${verbs[phase]}, ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`
}

function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Makes sure that libtensorflow is there; resolves to what the engine says of it, with `words`. */
export async function ensureLibtensorflow(progress) {
  let last = null
  const { output } = await runQuietly(findNode24(), [program], {
    onLine: (line) => {
      last = parse(line) ?? last
      if (last?.type === 'progress') progress(describe(last))
    },
  })
  if (last?.type === 'ready') return { ...last, words: `${last.version ?? 'yours'}, in ${last.folder}` }
  if (last?.type === 'failed') {
    const { message, expected, found, fix } = last.error
    const facts = [expected && `Expected: ${expected}`, found && `Found: ${found}`].filter(Boolean)
    throw new SetUpError([message, ...facts].join('\n'), fix)
  }
  throw new SetUpError(`libtensorflow could not be set up.\n${output.slice(-2000)}`, 'Start again.')
}
