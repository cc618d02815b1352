// CRC-32C (Castagnoli, RFC 3720 appendix B.4), eight bytes at a time: zlib has only the other polynomial.

const polynomial = 0x82f63b78
/** tables[k][b]: the CRC of byte b followed by k zero bytes. */
const tables = makeTables()

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    first[byte] = crc
  }
  const all = [first]
  for (let k = 1; k < 8; k++) {
    const before = all[k - 1] ?? first
    all.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] ?? 0)))
  }
  return all
}

/** The checksum as an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let crc = 0xffffffff
  let at = 0
  for (; at + 8 <= bytes.length; at += 8) {
    const low = crc ^ view.getUint32(at, true)
    const high = view.getUint32(at + 4, true)
    crc =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[high & 0xff] as number) ^
      (t2[(high >>> 8) & 0xff] as number) ^
      (t1[(high >>> 16) & 0xff] as number) ^
      (t0[high >>> 24] as number)
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] ?? 0)) & 0xff] as number)
  return (crc ^ 0xffffffff) >>> 0
}
