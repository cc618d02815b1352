// Memory that threads write and the training reads, used again instead of being asked for anew in every step.

export interface SharedBuffers {
  /** A buffer of exactly that size; what it holds is left from its last use. */
  take(bytes: number): SharedArrayBuffer
  give(buffer: SharedArrayBuffer): void
}

/** Keeps at most `most` buffers that are not in use, those given back last. */
export function createSharedBuffers(most: number): SharedBuffers {
  let free: SharedArrayBuffer[] = []
  return {
    take(bytes) {
      const found = free.findLast(({ byteLength }) => byteLength === bytes)
      if (!found) return new SharedArrayBuffer(bytes)
      free = free.filter((buffer) => buffer !== found)
      return found
    },
    give(buffer) {
      free = [...free, buffer].slice(-most)
    },
  }
}
