// Bounds of what clients may cost the host. A page and a few commands stay far below all of them.

export interface HttpLimits {
  /** Bytes of a request's body and of a WebSocket message. */
  messageBytes: number
  headerBytes: number
  /** A request's headers, and then the whole of it, must have arrived within so many ms. */
  headersMs: number
  requestMs: number
  /** How often slow requests are looked for. */
  checkMs: number
  /** A connection that asks nothing more is closed after so many ms. */
  keepAliveMs: number
  connections: number
  sockets: number
  /** Frames that one WebSocket message may come in. */
  fragments: number
  /** Calls in one message. */
  batch: number
  /** Bytes that a client may leave unread before its WebSocket is closed. */
  unreadBytes: number
}

export const httpLimits: HttpLimits = {
  messageBytes: 1024 ** 2,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 2000,
  keepAliveMs: 10_000,
  connections: 512,
  sockets: 64,
  fragments: 256,
  batch: 100,
  unreadBytes: 64 * 1024 ** 2,
}
