// One line at the bottom of a terminal that is written over; nothing where stderr is not a terminal.
import type { WriteStream } from 'node:tty'

export interface ProgressBar {
  /** Shows `fraction` (0..1, null while unknown) and words behind it. */
  update(fraction: number | null, words: string): void
  /** Takes the line away, for other output or at the end. */
  clear(): void
}

const cells = 24

/** A bar on `stream`. Lines are cut to the width of the terminal so that they never wrap. */
export function progressBar(stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr): ProgressBar {
  let shown = ''
  const write = (line: string) => {
    if (!stream.isTTY || line === shown) return
    stream.write(`\r\u001b[2K${line}`)
    shown = line
  }
  return {
    update(fraction, words) {
      const share = Math.min(1, Math.max(0, fraction ?? 0))
      const full = Math.floor(share * cells)
      const bar = '━'.repeat(full) + '─'.repeat(cells - full)
      const number = fraction === null ? '  – ' : `${Math.floor(share * 100)} %`.padStart(5)
      write(`${bar} ${number}  ${words}`.slice(0, Math.max(20, (stream.columns || 80) - 1)))
    },
    clear: () => write(''),
  }
}
