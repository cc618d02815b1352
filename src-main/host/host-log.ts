// The host's own log: NDJSON in the data folder, secrets left out.
import { existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type DestinationStream, type Logger } from 'pino'
import { unwritableFolder } from './db/database-error.ts'

/** A log that has grown past this is set aside at the next start; one older file is kept. */
const mostBytes = 5 * 1024 ** 2

const secrets = [
  'token',
  '*.token',
  // A query may hold anything that somebody took for a place of tokens.
  'req.url',
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["sec-websocket-protocol"]',
  'res.headers["set-cookie"]',
]

export function createHostLog(destination: DestinationStream): Logger {
  return pino({ redact: secrets, base: null }, destination)
}

/** A line that cannot be written, as on a full disk, is lost: that must not end the host, as pino's own destination would. */
function appendTo(file: number): DestinationStream {
  let broken = false
  return {
    write: (line) => {
      try {
        // The line before may have been written in part.
        writeSync(file, broken ? `\n${line}` : line)
        broken = false
      } catch {
        broken = true
      }
    },
  }
}

/**
 * `logs/host.ndjson` under the data folder, written at once so that a crash loses nothing. Throws `history-unwritable` or
 * `disk-full` where nothing can be written there.
 */
export function openHostLog(dataDir: string): Logger {
  const folder = join(dataDir, 'logs')
  try {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'host.ndjson')
    if (existsSync(file) && statSync(file).size > mostBytes) renameSync(file, join(folder, 'host.old.ndjson'))
    return createHostLog(appendTo(openSync(file, 'a')))
  } catch (error) {
    throw unwritableFolder(dataDir, error)
  }
}
