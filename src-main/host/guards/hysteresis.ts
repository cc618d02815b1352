// A limit that is not crossed to and fro: it trips on one side and recovers well on the other.

export interface Limits {
  trip: number
  /** On the sound side of `trip`. */
  recover: number
}

export interface Hysteresis {
  tripped(): boolean
  /** Takes a reading; tells when the state has changed with it. Limits may differ from reading to reading. */
  read(value: number, limits: Limits): 'tripped' | 'recovered' | null
}

/**
 * @param bad readings beyond `trip` on this side are bad; one exactly at `trip` is not, one exactly at `recover` is good again
 * @param readings so many bad ones, or good ones, in a row change the state: a single peak does not
 */
export function createHysteresis(bad: 'above' | 'below', readings: number): Hysteresis {
  let tripped = false
  let inRow = 0
  const sign = bad === 'above' ? 1 : -1
  return {
    tripped: () => tripped,
    read: (value, { trip, recover }) => {
      const changes = tripped ? sign * value <= sign * recover : sign * value > sign * trip
      inRow = changes ? inRow + 1 : 0
      if (inRow < readings) return null
      inRow = 0
      tripped = !tripped
      return tripped ? 'tripped' : 'recovered'
    },
  }
}
