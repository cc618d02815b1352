import { expect, test } from 'vitest'
import { clockGaps } from './clock-gap.ts'

/** Readings at the start and after so many seconds by each clock. */
const gaps = (wall: number, monotonic: number, uptime: number) =>
  clockGaps(
    { wallMs: 1.7e12, monotonicMs: 5e5, uptimeSeconds: 9000 },
    { wallMs: 1.7e12 + wall * 1000, monotonicMs: 5e5 + monotonic * 1000, uptimeSeconds: 9000 + uptime },
    5,
  )

test.each([
  ['nothing happened', [5, 5, 5], []],
  ['the machine was busy and its clock was corrected by a second', [21, 20, 20], []],
  ['the machine slept for an hour, monotonic time standing still', [3605, 5, 3605], [{ kind: 'slept', seconds: 3600 }]],
  ['it slept, and all clocks went on', [3605, 3605, 3605], [{ kind: 'slept', seconds: 3600 }]],
  ['the time was set an hour forward', [3605, 5, 5], [{ kind: 'clock-jumped', seconds: 3600 }]],
  ['the time was set a day back', [5 - 86_400, 5, 5], [{ kind: 'clock-jumped', seconds: -86_400 }]],
  [
    'it slept an hour, and the time was set back by two afterwards',
    [3605 - 7200, 5, 3605],
    [
      { kind: 'slept', seconds: 3600 },
      { kind: 'clock-jumped', seconds: -7200 },
    ],
  ],
])('%s', (_, [wall = 0, monotonic = 0, uptime = 0], expected) => {
  expect(gaps(wall, monotonic, uptime)).toEqual(expected)
})
