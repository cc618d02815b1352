// The host's own log: NDJSON in the data folder, secrets left out.
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type DestinationStream, type Logger } from 'pino'

/** A log that has grown past this is set aside at the next start; one older file is kept. */
const mostBytes = 5 * 1024 ** 2

const secrets = [
  'token',
  '*.token',
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["sec-websocket-protocol"]',
  'res.headers["set-cookie"]',
]

export function createHostLog(destination: DestinationStream): Logger {
  return pino({ redact: secrets, base: null }, destination)
}

/** `logs/host.ndjson` under the data folder, written at once so that a crash loses nothing. */
export function openHostLog(dataDir: string): Logger {
  const folder = join(dataDir, 'logs')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'host.ndjson')
  if (existsSync(file) && statSync(file).size > mostBytes) renameSync(file, join(folder, 'host.old.ndjson'))
  return createHostLog(pino.destination({ dest: file, sync: true }))
}
