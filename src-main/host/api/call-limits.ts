// How many calls may be under way at once: per connection, and of all connections, since a call goes on when its client has gone.
import { TRPCError } from '@trpc/server'

/** Queries and mutations of one connection at a time. */
const mostCalls = 100
/** Of all connections together. */
const mostCallsInAll = 400
/** Subscriptions of one connection; a page has one. */
const mostSubscriptions = 8

/** Counts what one connection asks. Both throw where there is too much of it already. */
export interface CallCounter {
  call<T>(run: () => Promise<T>): Promise<T>
  /** Counts until `signal` says that the subscription has ended. */
  subscription(signal: AbortSignal | undefined): void
}

function tooMany(what: string, most: number): TRPCError {
  return new TRPCError({ code: 'TOO_MANY_REQUESTS', message: `There are ${most} ${what} already.` })
}

/** The result makes a counter for each connection. */
export function createCallCounters(): () => CallCounter {
  let inAll = 0
  return () => {
    let calls = 0
    let subscriptions = 0
    return {
      call: async (run) => {
        if (calls >= mostCalls) throw tooMany('calls of this connection under way', mostCalls)
        if (inAll >= mostCallsInAll) throw tooMany('calls under way', mostCallsInAll)
        calls += 1
        inAll += 1
        try {
          return await run()
        } finally {
          calls -= 1
          inAll -= 1
        }
      },
      subscription: (signal) => {
        if (subscriptions >= mostSubscriptions) throw tooMany('subscriptions of this connection', mostSubscriptions)
        subscriptions += 1
        signal?.addEventListener('abort', () => (subscriptions -= 1), { once: true })
      },
    }
  }
}
