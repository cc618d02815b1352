// Pictures stored plane by plane and column by column, as MATLAB keeps them.

/**
 * [count, channels, width, height] of 3 channels, the height running fastest, to [count, height, width, channels]. MATLAB's
 * array of height x width x channels x count lies in memory like this, and so do the files of STL-10.
 */
export function fromColumnMajor(bytes: Uint8Array, count: number, side: number): Uint8Array {
  const area = side * side
  const pictures = new Uint8Array(count * area * 3)
  let to = 0
  for (let picture = 0; picture < count; picture++) {
    const start = picture * area * 3
    for (let row = 0; row < side; row++) {
      for (let from = start + row; from < start + area; from += side) {
        pictures[to++] = bytes[from] ?? 0
        pictures[to++] = bytes[from + area] ?? 0
        pictures[to++] = bytes[from + 2 * area] ?? 0
      }
    }
  }
  return pictures
}
