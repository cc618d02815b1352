// Formats of picture files, told by their first bytes, and the endings that file names promise them with.

/** Ending after the last dot, by format. `netpbm` stands for PBM, PGM and PPM. */
const endings = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif', 'mpo'],
  png: ['png', 'apng'],
  gif: ['gif'],
  webp: ['webp'],
  tiff: ['tif', 'tiff'],
  bmp: ['bmp', 'dib'],
  netpbm: ['ppm', 'pgm', 'pbm', 'pnm'],
  avif: ['avif'],
  heic: ['heic', 'heif'],
  'jpeg-2000': ['jp2', 'j2k', 'j2c', 'jpx', 'jpf'],
  'jpeg-xl': ['jxl'],
  svg: ['svg', 'svgz'],
  psd: ['psd'],
} as const

export type PictureFormat = keyof typeof endings

const formatOfEnding = new Map(
  (Object.entries(endings) as [PictureFormat, readonly string[]][]).flatMap(([format, list]) =>
    list.map((ending) => [ending, format] as const),
  ),
)

const latin1 = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, Math.min(to, bytes.length)))

/** Tells a format by the signature that its specification asks for; null where no picture format has it. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | null {
  const head = latin1(bytes, 0, 16)
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (/^GIF8[79]a/.test(head)) return 'gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  // Little and big endian, classic and BigTIFF.
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return 'tiff'
  if (head.startsWith('BM') && bytes.length >= 18) return 'bmp'
  if (/^P[1-6][\s#]/.test(head)) return 'netpbm'
  if (head.startsWith('8BPS')) return 'psd'
  if (head.startsWith('\0\0\0\x0cjP  ') || head.startsWith('\xff\x4f\xff\x51')) return 'jpeg-2000'
  if (head.startsWith('\xff\x0a') || head.startsWith('\0\0\0\x0cJXL ')) return 'jpeg-xl'
  if (head.slice(4, 8) === 'ftyp') return ofBrands(bytes)
  const text = latin1(bytes, 0, 1024).trimStart()
  return text.startsWith('<') && /<svg[\s>]/.test(text) ? 'svg' : null
}

/** HEIF files name their kind in a list of brands (ISO/IEC 23008-12, AV1 Image File Format 1.1). */
function ofBrands(bytes: Uint8Array): PictureFormat | null {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const brands = latin1(bytes, 8, Math.min(length, 256))
  if (/avi[fs]/.test(brands)) return 'avif'
  return /hei[cxms]|hev[cx]|mif1|msf1/.test(brands) ? 'heic' : null
}

/** The format that a name's ending promises; null for an ending of no picture format. */
export function promisedFormat(name: string): PictureFormat | null {
  return formatOfEnding.get(/\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '') ?? null
}
