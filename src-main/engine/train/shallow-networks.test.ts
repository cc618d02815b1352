// Gradients of the designs whose registered networks are too deep for them in float32, on shallow networks of the same code
// (tools/oracle/shallow_networks.py). Everything is compared at 1e-4 of the norm.
import { beforeAll, describe, expect, test } from 'vitest'
import { expectNetwork } from '../../../tools/oracle/expect-network.ts'
import { shallowNetworks } from '../../../tools/oracle/read-networks.ts'
import type { Network } from '../nn/parameters.ts'
import { startForTests } from '../tensorflow/start-for-tests.ts'
import { shallowBuilders } from './shallow-networks-for-tests.ts'

beforeAll(startForTests)

const oracles = shallowNetworks()

test('every gradient is among the values, and float32 can reproduce it', () => {
  for (const { name, values, kinkDistance, cancelling } of oracles) {
    expect(values.gradients, name).not.toContain(null)
    expect(kinkDistance ?? Number.POSITIVE_INFINITY, name).toBeGreaterThan(1e-5)
    // Nothing but dense layers and transitions follows, whose normalisations undo this scale but for their epsilon.
    expect(cancelling, name).toEqual(name === 'densenet' ? ['features.norm0.weight'] : [])
  }
})

describe.each(oracles.map((oracle) => [oracle.name, oracle] as const))('%s', (name, { values, seed, cancelling }) => {
  test('has the gradients of its reference', () => {
    const network = shallowBuilders[name]?.(10, 1, { resolution: values.images[1], initialise: false }) as Network
    expectNetwork(network, values, { seed, cancelling })
    network.parameters.dispose()
  })
})
