// A folder of pictures as a reader may have one: class folders under train and val, with a few things wrong in it.
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

export const folderClasses = ['cat', 'dog'] as const
/** Sound pictures of each class in train and in val. */
export const picturesPerClass = { train: 12, val: 4 } as const

/** Plain colours of unlike sizes with a frame, so that no two pictures are alike. */
function picture(seed: number): Promise<Buffer> {
  const [width, height] = [40 + ((seed * 13) % 50), 40 + ((seed * 29) % 50)]
  const noise = Buffer.alloc(width * height * 3)
  let state = seed + 1
  for (let i = 0; i < noise.length; i++) {
    state = (state * 48_271) % 2_147_483_647
    noise[i] = state % 256
  }
  const blocks = sharp(noise, { raw: { width, height, channels: 3 } }).blur(4)
  return blocks.jpeg({ quality: 90 }).toBuffer()
}

/**
 * Writes the folder: 32 sound pictures, one that is cut short, and one of val that is a copy of one in train.
 * Returns its path.
 */
export async function makePictureFolder(below: string): Promise<string> {
  const folder = join(below, 'my pets')
  let seed = 0
  for (const [part, count] of Object.entries(picturesPerClass)) {
    for (const name of folderClasses) {
      const classFolder = join(folder, part, name)
      await mkdir(classFolder, { recursive: true })
      for (let i = 0; i < count; i++) await writeFile(join(classFolder, `${i}.jpg`), await picture(seed++))
    }
  }
  await writeFile(join(folder, 'train', 'dog', 'cut.jpg'), (await picture(1000)).subarray(0, 500))
  await copyFile(join(folder, 'train', 'cat', '0.jpg'), join(folder, 'val', 'cat', 'copy.jpg'))
  return folder
}
