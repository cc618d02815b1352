import { expect, test } from 'vitest'
import type { HostEvent } from '../shared/api.ts'
import { createEventBus, type HostEventBody } from './event-bus.ts'

const removed = (number: number): HostEventBody => ({ type: 'run-removed', runId: `r-${number}` })

async function take(events: AsyncIterable<HostEvent>, count: number, stop: AbortController): Promise<HostEvent[]> {
  const taken: HostEvent[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === count) stop.abort()
  }
  return taken
}

test('every listener gets every event, in order, numbered without gaps', async () => {
  const bus = createEventBus(100)
  const stops = [new AbortController(), new AbortController()]
  const taking = stops.map((stop) => take(bus.subscribe(stop.signal), 3, stop))
  expect(bus.listeners()).toBe(2)
  for (const number of [1, 2, 3]) bus.publish(removed(number))
  const [a, b] = await Promise.all(taking)
  expect(a).toEqual(b)
  expect(a?.map((event) => event.seq)).toEqual([101, 102, 103])
  expect(bus.listeners()).toBe(0)
})

test('a client that comes back gets what it missed', async () => {
  const bus = createEventBus(0)
  for (const number of [1, 2, 3]) bus.publish(removed(number))
  const stop = new AbortController()
  const missed = await take(bus.subscribe(stop.signal, 1), 2, stop)
  expect(missed.map((event) => event.seq)).toEqual([2, 3])
})

test('a slow listener loses the oldest events and sees the gap', async () => {
  const bus = createEventBus(0)
  const stop = new AbortController()
  const events = bus.subscribe(stop.signal)[Symbol.asyncIterator]()
  const first = events.next()
  for (let number = 0; number < 5000; number += 1) bus.publish(removed(number))
  expect((await first).value?.seq).toBeGreaterThan(2500)
  stop.abort()
  await events.return?.()
})
