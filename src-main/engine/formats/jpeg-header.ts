// What a JPEG file says of its picture before it is decoded (ITU-T T.81, annex B).

export interface JpegHeader {
  /** As stored, before any turning. */
  width: number
  height: number
  /** 1 is grey, 3 colour, 4 CMYK or YCCK. */
  components: number
  /** Bits of a sample. */
  depth: number
  /** Lossless, hierarchical and arithmetically coded files are 'other'. */
  coding: 'sequential' | 'progressive' | 'other'
  /** Pixels of the smallest unit that is coded. */
  unit: { width: number; height: number }
}

const startOfImage = 0xffd8
const codings: Partial<Record<number, JpegHeader['coding']>> = {
  192: 'sequential',
  193: 'sequential',
  194: 'progressive',
}

/** True for the markers SOF0 to SOF15; DHT, JPG and DAC share their range. */
const startsFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** TEM, RST0 to RST7 and SOI have no length. */
const standsAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

/** The frame header; null where the bytes are no JPEG, or end or are damaged before it. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== startOfImage) return null
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] as number
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) at += 1
    else if (standsAlone(marker)) at += 2
    else if (startsFrame(marker)) return frameHeader(view, at + 4, codings[marker] ?? 'other')
    else at += 2 + view.getUint16(at + 2)
  }
  return null
}

function frameHeader(view: DataView, at: number, coding: JpegHeader['coding']): JpegHeader | null {
  if (at + 6 > view.byteLength) return null
  const components = view.getUint8(at + 5)
  if (components === 0 || at + 6 + components * 3 > view.byteLength) return null
  const [depth, height, width] = [view.getUint8(at), view.getUint16(at + 1), view.getUint16(at + 3)]
  const factors = Array.from({ length: components }, (_, i) => view.getUint8(at + 7 + i * 3))
  const unit = {
    width: 8 * Math.max(...factors.map((factor) => factor >> 4)),
    height: 8 * Math.max(...factors.map((factor) => factor & 15)),
  }
  // Height 0 is told after the first scan (DNL).
  if (width === 0 || height === 0 || unit.width === 0 || unit.height === 0) return null
  return { width, height, components, depth, coding, unit }
}
