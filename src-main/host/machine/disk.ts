import { statfs } from 'node:fs/promises'

/** Bytes that this user may still write on the disk of `folder`, which exists. */
export async function diskFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Size of the disk of `folder`, which exists. */
export async function diskTotalBytes(folder: string): Promise<number> {
  const { blocks, bsize } = await statfs(folder)
  return blocks * bsize
}
