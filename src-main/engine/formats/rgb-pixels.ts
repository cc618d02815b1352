// Decoded pixels as the readers of single picture formats hand them over.
/** What a decoder of this folder gives. */
export interface RgbPixels {
  height: number
  width: number
  channels: 3
  /** [height, width, 3]. */
  data: Uint8Array
}
