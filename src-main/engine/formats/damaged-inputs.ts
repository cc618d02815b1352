// Damaged copies of a good file, for the tests of readers.

/** The bytes cut off at up to `most` places, spread over the whole file and close together at its start. */
export function* truncations(bytes: Uint8Array, most = 600): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytes.length / most))
  for (let end = 0; end < bytes.length; end += end < most / 2 ? 1 : step) yield bytes.slice(0, end)
}

/** Copies with a few bytes changed at places that a small linear congruential generator chooses. */
export function* corruptions(bytes: Uint8Array, copies = 2000, changes = 3): Generator<Uint8Array> {
  let state = 12_345
  const next = (range: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * range)
  }
  for (let copy = 0; copy < copies; copy++) {
    const damaged = bytes.slice()
    for (let change = 0; change < changes; change++) damaged[next(Math.min(bytes.length, 400))] = next(256)
    yield damaged
  }
}
