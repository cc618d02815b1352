// HTTP by hand, for requests that no client library would send.
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  /** 0 when the server closed without a word. */
  status: number
  headers: Record<string, string>
  body: string
  text: string
  /** Whether the server closed the connection by itself. */
  closed: boolean
}

/** Opens a connection that keeps its own side open when the server closes. Rejects when it is refused. */
export function openConnection(port: number, address = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: address, allowHalfOpen: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

/** Whether something listens there. */
export async function answers(port: number, address: string): Promise<boolean> {
  try {
    const socket = await openConnection(port, address)
    socket.destroy()
    return true
  } catch {
    return false
  }
}

/** Everything that arrives until the server closes, or until `waitMs` have passed. */
export function readAll(socket: Socket, waitMs = 3000): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const finish = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ...parse(Buffer.concat(chunks).toString('latin1')), closed })
    }
    const timer = setTimeout(() => finish(false), waitMs)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.once('end', () => finish(true))
    socket.once('close', () => finish(true))
  })
}

function parse(text: string): Omit<RawAnswer, 'closed'> {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return {
    status: Number(first.split(' ')[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
    text,
  }
}

/** Sends bytes as they are and reads the answer. */
export async function sendRaw(port: number, bytes: string | Buffer, address?: string): Promise<RawAnswer> {
  const socket = await openConnection(port, address)
  socket.write(bytes)
  return readAll(socket)
}

/** Header lines, in this order and as often as they are given. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

export interface RawRequest {
  method?: string
  target?: string
  /** `Host` of the server itself when absent; null for none. */
  host?: string | null
  headers?: HeaderLines
  body?: string
  address?: string
}

/** One request and its answer; the server is asked to close afterwards. */
export function ask(port: number, request: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'GET', target = '/', host = `127.0.0.1:${port}`, headers = [], body, address } = request
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...(headers.some(([name]) => name === 'Connection') ? [] : ['Connection: close']),
  ]
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`, address)
}

/** Header lines of a WebSocket handshake (RFC 6455, 4.1). */
export const handshake: HeaderLines = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
]

/** The status that a handshake is answered with. */
export async function upgrade(port: number, request: Omit<RawRequest, 'method' | 'body'> = {}): Promise<RawAnswer> {
  const socket = await openConnection(port, request.address)
  const { target = '/trpc', host = `127.0.0.1:${port}`, headers = [] } = request
  const lines = [...handshake, ...headers].map(([name, value]) => `${name}: ${value}`)
  socket.write([`GET ${target} HTTP/1.1`, `Host: ${host}`, ...lines].join('\r\n').concat('\r\n\r\n'))
  return new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => {
      const answer = parse(chunk.toString('latin1'))
      const finish = (closed: boolean) => {
        socket.destroy()
        resolve({ ...answer, closed })
      }
      // One that is let in stays open; one that is refused has to be closed by the server.
      if (answer.status === 101) finish(false)
      else socket.once('end', () => finish(true))
    })
    socket.once('close', () => resolve({ ...parse(''), closed: true }))
  })
}

export const bearer = (token: string): HeaderLines => [['Authorization', `Bearer ${token}`]]
