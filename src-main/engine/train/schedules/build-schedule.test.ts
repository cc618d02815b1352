import { expect, test } from 'vitest'
import { scheduleOracles } from '../../../../tools/oracle/read-values.ts'
import { schedules as scheduleRecords } from '../../../shared/registry/training.ts'
import { runConfigSchema } from '../../../shared/run-config.ts'
import { buildSchedule } from './build-schedule.ts'

const oracle = scheduleOracles()

test.each(oracle)(
  '$name gives the rates of the reference at every step',
  ({ config, stepsPerEpoch, totalSteps, lr, epochLosses }) => {
    const rate = buildSchedule(runConfigSchema.parse(config), stepsPerEpoch, totalSteps)
    expect(lr).toHaveLength(totalSteps)
    let worst = 0
    for (const [step, expected] of lr.entries()) {
      worst = Math.max(worst, Math.abs(rate(step) - expected))
      const ends = (step + 1) % stepsPerEpoch === 0
      if (epochLosses && ends) rate.observe?.(epochLosses[Math.floor(step / stepsPerEpoch)] ?? Number.NaN)
    }
    expect(worst).toBeLessThan(1e-9)
  },
)

test('every schedule of the registry is compared with a reference', () => {
  const compared = new Set(oracle.map(({ config }) => config.schedule?.name))
  expect([...compared].sort()).toEqual(Object.keys(scheduleRecords).sort())
})

test('a warm-up on a schedule that rises by itself is refused', () => {
  for (const name of ['one-cycle', 'triangular'] as const) {
    const config = runConfigSchema.parse({ schedule: { name, warmup: 1 } })
    expect(() => buildSchedule(config, 10, 100)).toThrow('takes no warm-up')
  }
})

test('a warm-up longer than the training is refused', () => {
  const config = runConfigSchema.parse({ schedule: { name: 'cosine', warmup: 11 } })
  expect(() => buildSchedule(config, 10, 100)).toThrow('longer than the training')
})

test('a cooldown that leaves no room for the training is refused', () => {
  const config = runConfigSchema.parse({ schedule: { name: 'cosine', warmup: 4, cooldown: 7 } })
  expect(() => buildSchedule(config, 10, 100)).toThrow('the cooldown are longer')
})

test.each(Object.keys(scheduleRecords))('%s is finite for trainings of one to three steps', (name) => {
  for (const totalSteps of [1, 2, 3]) {
    const rate = buildSchedule(runConfigSchema.parse({ schedule: { name } }), 1, totalSteps)
    for (let step = 0; step < totalSteps; step += 1) {
      expect(rate(step)).toBeGreaterThanOrEqual(0)
      expect(rate(step)).toBeLessThanOrEqual(0.1)
    }
  }
})
