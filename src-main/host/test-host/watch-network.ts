// Loaded before any other module of a host and its workers (NODE_OPTIONS=--import): writes down whatever leaves this machine.
// Each line of the file that REPRISE_TEST_NETWORK names is one: a connection to elsewhere, a name that is looked up, a
// datagram, or a program that is run, which may send what it likes.
import { ChildProcess } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'

const file = process.env.REPRISE_TEST_NETWORK ?? ''
const note = (kind: string, what: unknown) => appendFileSync(file, `${JSON.stringify({ kind, what })}\n`)

const isHere = (host: unknown) => host === undefined || host === 'localhost' || /^(127\.|::1$)/.test(String(host))

const { connect } = Socket.prototype
Socket.prototype.connect = function watched(this: Socket, ...given: unknown[]) {
  // `net.connect` hands over a list of its arguments, made uniform.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: second }
  const { host, port, path } = options as { host?: unknown; port?: unknown; path?: unknown }
  if (path === undefined && port !== undefined && !isHere(host)) note('connect', `${host}:${port}`)
  return Reflect.apply(connect, this, given)
} as typeof connect

for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) {
  const original = dns[name] as (...given: unknown[]) => unknown
  Object.assign(dns, {
    [name]: (...given: unknown[]) => {
      if (!isHere(given[0])) note('look-up', given[0])
      return original(...given)
    },
  })
}

const { send } = dgram.Socket.prototype
dgram.Socket.prototype.send = function watched(this: dgram.Socket, ...given: unknown[]) {
  note(
    'datagram',
    given.slice(1).filter((part) => typeof part !== 'function'),
  )
  return Reflect.apply(send, this, given)
} as typeof send

const { spawn } = ChildProcess.prototype as unknown as { spawn(options: { file: string; args: string[] }): number }
Object.assign(ChildProcess.prototype, {
  spawn(this: ChildProcess, options: { file: string; args: string[] }) {
    if (options.file !== process.execPath) note('program', options.file)
    return Reflect.apply(spawn, this, [options])
  },
})
syncBuiltinESMExports()
note('started', process.argv[1]?.split('/').at(-1))
