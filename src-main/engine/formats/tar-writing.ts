// Small tar archives for tests, as POSIX ustar lays them out.

/** An uncompressed archive of the given files. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).map(([name, data]) => tarEntry(name, data, '0'))
  return joined([...blocks, new Uint8Array(1024)])
}

/** One header with its data, padded to whole blocks. */
export function tarEntry(name: string, data: Uint8Array, type: string): Uint8Array {
  const entry = new Uint8Array(512 + Math.ceil(data.length / 512) * 512)
  const put = (text: string, offset: number) => entry.set(new TextEncoder().encode(text), offset)
  put(name.slice(0, 100), 0)
  put('0000644\0', 100)
  put(`${data.length.toString(8).padStart(11, '0')}\0`, 124)
  put('        ', 148)
  put(type, 156)
  put('ustar\x0000', 257)
  const sum = entry.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  entry.set(data, 512)
  return entry
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
