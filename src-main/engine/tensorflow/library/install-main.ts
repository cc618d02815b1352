// A program for the start scripts: finds or installs libtensorflow and prints one JSON object per line, last
// {"type":"ready", ...} or {"type":"failed", "error"}. `--check-only` installs nothing.
import { toErrorReport } from '../../../shared/errors.ts'
import { findLibtensorflow } from './find-libtensorflow.ts'
import { installLibtensorflow } from './install-libtensorflow.ts'

const print = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)
const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())

let printedAt = 0
try {
  const library = process.argv.includes('--check-only')
    ? await findLibtensorflow()
    : await installLibtensorflow({
        signal: stop.signal,
        onProgress: (progress) => {
          if (Date.now() - printedAt < 250) return
          printedAt = Date.now()
          print({ type: 'progress', ...progress })
        },
      })
  print({ type: 'ready', ...library })
} catch (error) {
  print({ type: 'failed', error: toErrorReport(error) })
  process.exitCode = 1
}
