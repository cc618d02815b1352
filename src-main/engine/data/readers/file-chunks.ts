// A file of a tree piece by piece, so that lists of millions of pictures need little memory.
import { RepriseError } from '../../../shared/errors.ts'
import type { FileTree, TreeFile } from './file-tree.ts'

const chunkBytes = 1024 * 1024
const mostUnpackedBytes = 2 ** 31 - 1
const mostLineLength = 1024 * 1024

/** The content in order. A deflated member of an archive cannot be entered in its middle and comes as one piece. */
export async function* fileChunks(tree: Pick<FileTree, 'read'>, file: TreeFile): AsyncIterable<Uint8Array> {
  if (file.location.kind === 'part' && file.location.packing === 'deflate') {
    if (file.bytes > mostUnpackedBytes) {
      throw new RepriseError({
        code: 'data-format',
        message: `${file.path} is too large to be read out of a compressed archive`,
        expected: `at most ${mostUnpackedBytes} bytes`,
        found: `${file.bytes} bytes`,
        fix: 'Unpack the archive and choose the folder.',
      })
    }
    yield await tree.read(file)
    return
  }
  for (let offset = 0; offset < file.bytes; offset += chunkBytes) {
    yield await tree.read(file, { offset, bytes: Math.min(chunkBytes, file.bytes - offset) })
  }
}

/**
 * The lines of a text in UTF-8, without their ends and without a byte order mark.
 * Throws `data-format` for a line of more than a million characters.
 */
export async function* fileLines(tree: FileTree, file: TreeFile): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of fileChunks(tree, file)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > mostLineLength) {
      throw new RepriseError({
        code: 'data-format',
        message: `${file.path} is not a list of lines`,
        expected: `lines of at most ${mostLineLength} characters`,
        found: 'a longer one',
      })
    }
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  rest += decoder.decode()
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest
}
