// The memory in which the passes of pixel-passes.wat work, and how pictures come into it and out of it.
import { pixelPassesModule } from './pixel-passes-module.ts'

/** The functions of pixel-passes.wat; places are bytes from the start of the memory. */
interface PixelPasses {
  memory: WebAssembly.Memory
  horizontal(
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    lines: number,
    plan: number,
    width: number,
  ): void
  vertical(source: number, stride: number, target: number, lines: number, plan: number): void
  mirror(source: number, target: number, lines: number, width: number): void
}

const compiled = new WebAssembly.Module(Buffer.from(pixelPassesModule, 'base64'))
const instantiate = () => new WebAssembly.Instance(compiled).exports as unknown as PixelPasses
let passes = instantiate()

/** Memory of WebAssembly never shrinks: after a huge picture it is given back as a whole. */
const mostKeptBytes = 2 ** 26
const pageBytes = 2 ** 16

/** Places for pieces one after the other, each on 16 bytes, and the bytes of them all. */
export function placesFor(sizes: readonly number[]): { places: number[]; bytes: number } {
  let bytes = 0
  const places = sizes.map((size) => {
    const place = bytes
    bytes += Math.ceil(size / 16) * 16
    return place
  })
  return { places, bytes }
}

/** Bytes that a picture takes: the passes read and write up to four lines and a block of 16 bytes too much. */
export const pictureBytes = (height: number, width: number) => (height + 4) * width * 3 + 16

/** Lets `work` use the first `bytes` of the memory. What it returns must be a copy. */
export function inPixelMemory<T>(bytes: number, work: (passes: PixelPasses, memory: Uint8Array) => T): T {
  const missing = bytes - passes.memory.buffer.byteLength
  if (missing > 0) passes.memory.grow(Math.ceil(missing / pageBytes))
  const memory = new Uint8Array(passes.memory.buffer)
  try {
    return work(passes, memory)
  } finally {
    if (memory.length > mostKeptBytes) passes = instantiate()
  }
}
