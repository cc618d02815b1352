// What a run tells while it trains beside its figures. Words are in the language files, by kind.

export const alertKinds = {
  'not-finite': 'error', // { what: 'loss' | 'gradient' | 'statistics', layer, step, lr, backToStep }
  'rate-lowered': 'warn', // { step, factor, lr }
  diverging: 'warn', // { step, loss, before }
  flat: 'info', // { epochs, nextDropEpoch (0: none is planned) }
  'over-fitting': 'info', // { trainTop1, testTop1, bestEpoch }
  'slow-data': 'warn', // { share }
  'disk-low': 'warn', // { freeBytes, neededBytes }: training waits
  'disk-recovered': 'info', // { freeBytes }
  'too-hot': 'warn', // { celsius, limit }: training waits
  'cooled-down': 'info', // { celsius }
  'memory-low': 'warn', // { freeBytes }
  stuck: 'warn', // { seconds, expectedSeconds }
  moving: 'info', // { seconds }: a report came after `stuck`
  slept: 'info', // { seconds }
  resumed: 'info', // { step, epoch, seconds }: after it had been paused or broken off for so long
  'checkpoint-damaged': 'warn', // { file, reason }
  'checkpoint-failed': 'warn', // { reason }: one could not be written, training goes on
  'stopped-early': 'info', // { evaluations, bestEpoch }
} as const satisfies Record<string, 'info' | 'warn' | 'error'>

export type AlertKind = keyof typeof alertKinds

export interface RunAlert {
  at: number
  seed: number | null
  step: number | null
  kind: AlertKind
  /** Figures for the sentence. */
  values: Record<string, string | number>
}
